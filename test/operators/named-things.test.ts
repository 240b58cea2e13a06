/**
 * Each place where a write of the Management API names an account, an organization, a connection or an application: either the guard of operators
 * looks at it (src/management/api/operators.ts), or a line here says why it need not. A new operation that names one in a way of its own fails
 * here until somebody has decided. The attacks themselves are in `test/attacks/operator-by-the-back-door.test.ts`.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyOf, type Operation } from '../../src/management/api/operation.js';
import { DEFINITIONS, getRequestSchemas } from '../../src/management/api/validation.js';
import { createOperations } from '../../src/management/resources.js';
import { type Management, startManagement } from '../management/harness.js';

/** Looked at for every operation. */
const GUARDED: readonly string[] = [
  ...['/organizations/{id}', '/users/{id}', '/connections/{id}', '/clients/{id}'],
  ...['{user_id}', '{connection_id}', '{connectionId}', '{client_id}'],
  ...['organization_id', 'enabled_organizations[].organization_id', 'user_id', 'absorb_user_id'],
  ...['identities[].user_id', 'connection_id', 'enabled_connections[].connection_id', 'connection'],
];

/** Not looked at, and the reason. */
const LEFT: Readonly<Record<string, string>> = {
  members: 'a member of another organization has no power here; the operators’ organization is named by the path',
  users: 'a role in the whole tenant permits nothing in the operators’ organization; imports look at each account',
  roles: 'counts in the organization of the path',
  'scim_group_roles[].roles': 'the same',
  enabled_clients: 'which connections operators sign in by is told by their organization',
  '[].client_id': 'the same; the connection of the path is looked at',
  'clients[].client_id': 'an application let into the organization of the path, which is looked at',
  client_id:
    'an invitation or a session of the application; a client grant gives no more than its maker has (ADR 0027)',
  'default_organization.organization_id': 'an application without a grant for people does not enter (target.ts)',
  'identity.user_id': 'one of the account that user_id names, and asked by checkAccounts',
  'identity.connection_id': 'the same',
  email: 'asked by checkAccounts where it finds an account',
  '/user-blocks/{id}': 'asked by checkAccounts',
  identifier: 'asked by checkAccounts',
  '/sessions/{id}': 'ends a session, and gives nothing',
  '/refresh-tokens/{id}': 'ends a token, and gives nothing',
};

const NAMING =
  /(^|[.\]])((absorb_)?user_id|organization_id|connection_id|client_id|connection|members|users|roles|enabled_clients)$|^email$/;
/** Settings that are kept, or that a connection alone reads. */
const SETTINGS = /^(addons|express_configuration|options|connection_config)\./;
const OWN_PATHS = [
  '/organizations',
  '/users',
  '/connections',
  '/clients',
  '/user-blocks',
  '/sessions',
  '/refresh-tokens',
];

type Schema = Readonly<Record<string, unknown>>;

/** The names of the properties below a schema, with the way to them. */
function* namesIn(schema: Schema | undefined, at: string, within: readonly string[]): Generator<string> {
  if (schema === undefined) return;
  const reference = typeof schema.$ref === 'string' ? (schema.$ref.split('/').pop() ?? '') : undefined;
  if (reference !== undefined && !within.includes(reference))
    yield* namesIn(DEFINITIONS[reference], at, [...within, reference]);
  for (const kind of ['anyOf', 'oneOf', 'allOf'])
    for (const one of (schema[kind] ?? []) as readonly Schema[]) yield* namesIn(one, at, within);
  for (const [name, value] of Object.entries((schema.properties ?? {}) as Record<string, Schema>)) {
    const here = at === '' || at.endsWith('[]') ? `${at}${at === '' ? '' : '.'}${name}` : `${at}.${name}`;
    yield here;
    yield* namesIn(value, here, within);
  }
  if (schema.items !== undefined) yield* namesIn(schema.items as Schema, `${at}[]`, within);
}

/** The places of one operation that name something. */
function* placesOf(operation: Operation): Generator<string> {
  const { path } = operation;
  const [first] = /^\/[a-z-]+\/\{id\}/.exec(path) ?? [];
  if (first !== undefined && OWN_PATHS.includes(first.slice(0, -5))) yield first;
  for (const [parameter] of path.matchAll(/\{(?:user_id|connection_id|connectionId|client_id)\}/g)) yield parameter;
  const { body, query } = getRequestSchemas(keyOf(operation));
  for (const name of namesIn(body, '', [])) if (NAMING.test(name) && !SETTINGS.test(name)) yield name;
  if (Object.hasOwn((query?.properties ?? {}) as object, 'identifier')) yield 'identifier';
}

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());

test('every place that names somebody is looked at, or left for a reason', () => {
  const places = new Map<string, string>();
  for (const operation of createOperations(api.deps)) {
    if (operation.method === 'get' || operation.readsOnly === true) continue;
    for (const place of placesOf(operation)) places.set(place, keyOf(operation));
  }
  const known = new Set([...GUARDED, ...Object.keys(LEFT)]);
  const unknown = [...places].filter(([place]) => !known.has(place));
  expect(unknown, 'decide: a line in namedThings() and in GUARDED here, or one in LEFT').toEqual([]);
  expect(
    [...known].filter((place) => !places.has(place)),
    'no operation names it any more',
  ).toEqual([]);
});
