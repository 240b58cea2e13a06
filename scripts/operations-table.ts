/**
 * Rewrites docs/auth0-operations.md: every operation of Auth0's Management API, and how this server answers it. Reads
 * the list of operations (auth0-operations.json), the declarations of the routes, the table of missing features, and
 * the differences below. Run it after an operation was added: `npx tsx scripts/operations-table.ts`. A test compares
 * both.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ABSENT_FEATURES } from '../src/management/absent/features.js';
import type { ManagementDeps } from '../src/management/api/deps.js';
import { keyOf } from '../src/management/api/operation.js';
import { createOperations } from '../src/management/resources.js';

/** The page that this script writes. */
export const PAGE = fileURLToPath(new URL('../docs/auth0-operations.md', import.meta.url));
const OPERATIONS = JSON.parse(readFileSync(new URL('./auth0-operations.json', import.meta.url), 'utf8')) as string[];

/**
 * Differences that a caller has to know, by the beginning of the operation's path. docs/auth0-compatibility.md has the
 * full list.
 */
const DIFFERENCES: readonly (readonly [prefix: string, how: string])[] = [
  ['post /organizations/{id}/members', '1,000 members a call, in place of 10'],
  ['delete /organizations/{id}/members', 'takes effect at once'],
  ['post /connections', 'the identity provider is asked first; secrets are never shown'],
  ['patch /connections/{id}', 'the identity provider is asked first; secrets are never shown'],
  ['get /connections', 'secrets are never shown'],
  ['get /users', 'search reads what was written; fields of Lucene as listed'],
  ['post /jobs/users-exports', 'completed at once; the file is made while it is fetched'],
  ['post /jobs/users-imports', 'no whirlpool; an upsert never replaces a password'],
  ['post /self-service-profiles/{id}/sso-ticket', 'one organization a ticket'],
  ['get /logs', '`details.trace`, `details.reference`'],
  ['post /actions/actions/{id}/deploy', 'deployed when it is answered'],
];

/** Returns the difference of an operation that both servers have; undefined if there is none. */
export const differenceOf = (key: string) => DIFFERENCES.filter(([prefix]) => key === prefix).map(([, how]) => how)[0];

/** An operation and its state, in the order of the document. */
interface Row {
  readonly key: string;
  readonly state: 'same' | 'differs' | 'answers empty' | 'absent';
  readonly how: string;
}

function rowsOf(): readonly Row[] {
  // Nothing is called: the declarations alone are read.
  const served = new Map(createOperations({} as ManagementDeps).map((operation) => [keyOf(operation), operation]));
  const features = new Map(
    ABSENT_FEATURES.flatMap(({ name, instead, paths }) =>
      Object.keys(paths).map((path) => [path, `${name}. ${instead}`] as const),
    ),
  );
  return OPERATIONS.map((key) => {
    const operation = served.get(key);
    if (operation === undefined) return { key, state: 'absent', how: '' };
    if (operation.absent === true) return { key, state: 'answers empty', how: features.get(operation.path) ?? '' };
    const how = differenceOf(key);
    return how === undefined ? { key, state: 'same', how: '' } : { key, state: 'differs', how };
  });
}

/** Returns the text of the page. */
export function toPage(): string {
  const rows = rowsOf();
  const count = (state: Row['state']) => rows.filter((row) => row.state === state).length;
  const lines = rows.map(({ key, state, how }) => {
    const [method = '', path = ''] = key.split(' ');
    return `| \`${method.toUpperCase()} ${path}\` | ${state} | ${how} |`;
  });
  return `# Every operation of Auth0's Management API

Made by \`npx tsx scripts/operations-table.ts\` from the operations that are served. Of ${rows.length} operations in Auth0's document ${count('same')} are the
same, ${count('differs')} differ, ${count('answers empty')} answer as a tenant that does not use the feature, ${count('absent')} are absent (404). *Same* means: Auth0's path, scopes,
request schema, statuses and names. Differences of behaviour that are not about one operation are in
[auth0-compatibility.md](auth0-compatibility.md).

*Answers empty*: a list is empty, a setting shows the documented default, a thing is 404. A write that asks for what is shown is answered as done,
so that an export goes in again; any other is 403 \`feature_not_enabled\`, and says what to do instead.

| operation | here | |
|---|---|---|
${lines.join('\n')}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(PAGE, toPage());
  console.log(`${PAGE}: ${OPERATIONS.length} operations`);
}
