/**
 * Settings of Auth0's that are accepted here and do nothing, and those that a write may not ask for: one table. From it
 * follow the refusals, the notice in the answer and in the log, the served document, the documentation, and the
 * warnings of `doctor` and of the console. A test compares it with the served document. Only data, and how to find a
 * row in it; must import nothing else, because the console imports it too.
 */
import { APPLICATION_ROWS } from './without-effect/applications.js';
import { CONNECTION_ROWS } from './without-effect/connections.js';
import { OTHER_ROWS } from './without-effect/others.js';
import type { SettingRow } from './without-effect/row.js';
import { TENANT_ROWS } from './without-effect/tenant.js';

export type { SettingRow } from './without-effect/row.js';

/** All rows, by resource. */
export const SETTING_ROWS: readonly SettingRow[] = [
  ...APPLICATION_ROWS,
  ...CONNECTION_ROWS,
  ...OTHER_ROWS,
  ...TENANT_ROWS,
];

type Properties = Readonly<Record<string, unknown>>;

/** Returns the rows of an operation by its path: those of the resource, whether all of it or one item is named. */
export function rowsOfPath(path: string): readonly SettingRow[] {
  return SETTING_ROWS.filter(
    ({ at }) => path === at || (path.startsWith(`${at}/{`) && path.indexOf('/', at.length + 1) < 0),
  );
}

function valueAt(body: unknown, property: string): unknown {
  let value = body;
  for (const name of property.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Properties)[name];
  }
  return value;
}

const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  (typeof value === 'object' && Object.values(value).every(isNothing));

/** True when all of `value` is in `usual` with the same values. */
function isWithin(value: unknown, usual: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === usual;
  if (typeof usual !== 'object' || usual === null) return false;
  return Object.entries(value).every(([name, item]) => isWithin(item, (usual as Properties)[name]));
}

/** True if the value turns its feature off. Its other options, such as a size, then request nothing. */
function isOff(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { enable, active } = value as Properties;
  return enable === false || active === false;
}

/** True when `body` asks for more than the server does anyway. */
export function asksFor({ property, usual, is }: SettingRow, body: unknown): boolean {
  const value = valueAt(body, property);
  if (value === undefined || value === null) return false;
  if (is === 'without_effect' && isOff(value)) return false;
  if (usual === undefined) return !isNothing(value);
  return !usual.some((one) => isWithin(value, one));
}

/**
 * Returns the rows that the body of a write, or a resource as answers show it, asks for in vain. `strategy` is that of a
 * connection; without it, the rows of all strategies count.
 */
export function findAsked(path: string, body: unknown, strategy?: unknown): readonly SettingRow[] {
  return rowsOfPath(path).filter(
    (row) =>
      (row.strategies === undefined || typeof strategy !== 'string' || row.strategies.includes(strategy)) &&
      asksFor(row, body),
  );
}
