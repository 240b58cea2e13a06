/**
 * Holds a value against a schema of Auth0's events (auth0-action-events.subset.json, which scripts/extract-action-events.ts writes):
 * what is required and absent, what has another type, what Auth0 has no name for. Paths are `user.identities[].provider`.
 */
import { readFileSync } from 'node:fs';

export interface Shape {
  readonly type?: string | readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape | false>>;
  /** The type of the values of a dictionary. */
  readonly additionalProperties?: Shape;
  readonly items?: Shape;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly oneOf?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
  readonly format?: string;
}

export interface Difference {
  readonly kind: 'absent' | 'type' | 'unknown';
  readonly path: string;
}

const subset = JSON.parse(readFileSync(new URL('./auth0-action-events.subset.json', import.meta.url), 'utf8')) as {
  readonly triggers: Readonly<Record<string, Shape>>;
};

/** Auth0's schemas of the events, by trigger. */
export const AUTH0_EVENTS: Readonly<Record<string, Shape>> = subset.triggers;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function isOfType({ type, enum: values, const: only, format }: Shape, value: unknown): boolean {
  const isOf = (one: string) => one === typeOf(value) || (one === 'integer' && Number.isInteger(value));
  if (type !== undefined && ![type].flat().some(isOf)) return false;
  if (values !== undefined && !values.includes(value)) return false;
  if (only !== undefined && only !== value) return false;
  return format !== 'date-time' || (DATE_TIME.test(String(value)) && !Number.isNaN(Date.parse(String(value))));
}

const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

/** Everything in which `value` is not as `shape` says. */
export function findDifferences(shape: Shape, value: unknown, path = ''): readonly Difference[] {
  if (!isOfType(shape, value)) return [{ kind: 'type', path }];
  const found: Difference[] = [];
  const alternatives = shape.oneOf ?? shape.anyOf;
  if (alternatives !== undefined) {
    const each = alternatives.map((alternative) => findDifferences(alternative, value, path));
    if (!each.some((differences) => differences.length === 0)) found.push(...(each[0] ?? []));
  }
  if (Array.isArray(value) && shape.items)
    for (const item of value) found.push(...findDifferences(shape.items, item, `${path}[]`));
  if (!isRecord(value)) return found;
  for (const name of shape.required ?? [])
    if (value[name] === undefined) found.push({ kind: 'absent', path: join(path, name) });
  for (const [name, item] of Object.entries(value)) {
    const known = shape.properties?.[name] ?? shape.additionalProperties;
    if (known) found.push(...findDifferences(known, item, join(path, name)));
    else if (shape.properties !== undefined) found.push({ kind: 'unknown', path: join(path, name) });
  }
  return found;
}

/** Every property that Auth0 has a name for, each with those inside it. A property that holds itself is followed once. */
export function pathsOf(shape: Shape, path = ''): readonly string[] {
  const inside = [...(shape.oneOf ?? []), ...(shape.anyOf ?? [])].flatMap((alternative) => pathsOf(alternative, path));
  const items = shape.items ? pathsOf(shape.items, `${path}[]`) : [];
  const own = Object.entries(shape.properties ?? {}).flatMap(([name, property]) =>
    property === false ? [] : [join(path, name), ...pathsOf(property, join(path, name))],
  );
  return [...new Set([...own, ...inside, ...items])];
}

/** The properties of `value`, as paths; of an array those of all items. */
export function pathsIn(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => pathsIn(item, `${path}[]`)))];
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => [join(path, name), ...pathsIn(item, join(path, name))]);
}

/** Finds paths that none of `values` has, without those inside something that is listed already. */
export function findNever(shape: Shape, values: readonly unknown[]): readonly string[] {
  const seen = new Set(values.flatMap((value) => pathsIn(value)));
  const never = pathsOf(shape).filter((path) => !seen.has(path));
  return never.filter((path) => !never.some((other) => path.startsWith(`${other}.`) || path.startsWith(`${other}[]`)));
}
