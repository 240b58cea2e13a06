/**
 * Writes src/facts/action-names.ts: the names that the console's code editor offers after `event.` and `api.`. They
 * come from the shape of Auth0's events and from the linter's table of methods. Leaves out the names that
 * docs/actions.md says are never present, and adds this server's own. Changes no other file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { TRIGGERS } from '../src/lint/triggers.js';
import { readTable, type TableRow } from '../test/support/actions-page.js';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

const TARGET = new URL('../src/facts/action-names.ts', import.meta.url);
const SHAPES = new URL('../test/support/auth0-action-events.subset.json', import.meta.url);
const LINE = 100;

/** Events that only this server has, as src/console/pages/actions/to-event.ts builds them. */
const OWN: Readonly<Record<string, string>> = {
  'organization-admission': [
    'client.client_id client.name client.metadata connection.id connection.name connection.strategy connection.metadata',
    'email.address email.domain email.proved email.domain_proved_by_organization email.domain_proved_by_another',
    'identity.email identity.email_verified identity.claims identity.claims_cut',
    'organization.id organization.name organization.display_name organization.metadata',
    'request.ip request.hostname request.user_agent request.method request.query request.body tenant.id',
    'transaction.acr_values transaction.protocol transaction.requested_scopes transaction.ui_locales',
    'user.user_id user.email user.email_verified user.name user.app_metadata user.user_metadata',
  ].join(' '),
};

function pathsOf(schema: Schema, before = ''): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const inner = pathsOf(part, `${before}${name}.`);
    return inner.length === 0 ? [`${before}${name}`] : inner;
  });
}

const rowsFor = (heading: string, trigger: string): readonly string[] =>
  readTable(heading)
    .filter(({ triggers }: TableRow) => triggers === undefined || triggers.includes(trigger))
    .flatMap(({ names }) => names)
    .map((name) => name.replaceAll('[]', '').replace(/\.\*$/, ''));

const isIn = (path: string, names: readonly string[]) =>
  names.some((name) => path === name || path.startsWith(`${name}.`));

function eventOf(trigger: string, schema: Schema | undefined): readonly string[] {
  const never = rowsFor('never in an event here', trigger);
  const ours = rowsFor("in an event here, and not so in Auth0's", trigger).filter(
    (name) => !/profileData|methods\.type/.test(name),
  );
  const theirs = schema === undefined ? (OWN[trigger] ?? '').split(' ') : pathsOf(schema);
  return [...new Set([...theirs.filter((path) => !isIn(path, never)), ...ours, 'secrets'])].sort();
}

function apiOf(trigger: string): readonly string[] {
  const refused = rowsFor('method of `api` that is refused', trigger);
  const methods = TRIGGERS.filter(({ id }) => id === trigger).flatMap(({ handlers }) => handlers[0]?.methods ?? []);
  return methods
    .filter((name) => !isIn(name, refused))
    .map((name) => name.replace('.*', ''))
    .sort();
}

function toLines(names: readonly string[]): string {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last === undefined || last.length + name.length > LINE) lines.push(name);
    else lines[lines.length - 1] = `${last} ${name}`;
  }
  return `[${lines.map((line) => `'${line}'`).join(', ')}]`;
}

/** Returns the source of the file, before Biome formats it. */
export function composeActionNames(): string {
  const { triggers } = JSON.parse(readFileSync(SHAPES, 'utf8')) as { triggers: Readonly<Record<string, Schema>> };
  const rows = TRIGGERS.map(
    ({ id }) => `  '${id}': { event: ${toLines(eventOf(id, triggers[id]))}, api: ${toLines(apiOf(id))} },`,
  );
  return `/**
 * The names after \`event.\` and \`api.\` in the code of an Action, by trigger: paths of properties and methods, several in a
 * text. The code editor completes them. Made by scripts/action-names.ts; only data.
 */

export interface ActionNames {
  readonly event: readonly string[];
  readonly api: readonly string[];
}

export const ACTION_NAMES: Readonly<Record<string, ActionNames>> = {
${rows.join('\n')}
};
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(TARGET, composeActionNames());
