/**
 * Plans of SCIM's queries for a connection with a hundred thousand people: SCIM wrote half of them, the others only signed
 * in. Each query uses an index with a condition beside the connection, and finds the right people.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import type { ScimAttribute, ScimDirectory, ScimFilter } from '../../src/ports/directory/scim.js';
import type { Directory, DirectoryStore } from '../../src/ports/directory.js';
import { createDirectory } from '../../src/storage/directory/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Recorded, recordStatements } from '../support/recorded-statements.js';

const PEOPLE = 100_000;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

let database: TestDatabase;
let directory: DirectoryStore;
let scim: ScimDirectory;

const scope = { connectionId: 'con_acme', idBase: 'oidc|acme', externalIdIsSubject: true };

/** Below the limit of a statement's time on a busy machine. */
const BATCH = 5_000;

/** Persons 1 to 50 000 were written by SCIM, the others came by a login. */
function fillFrom(first: number): string {
  const people = `generate_series(${first}, ${first + BATCH - 1}) n`;
  const isWritten = first <= PEOPLE / 2;
  const resource = `jsonb_build_object('userName', 'U' || n || '@acme.example', 'externalId', 's' || n,
    'emails', jsonb_build_array(jsonb_build_object('value', 'P' || n || '@acme.example')))`;
  return `with u as (insert into users (user_id, email, created_at, updated_at)
      select 'oidc|acme|s' || n, 'P' || n || '@acme.example', now(), now() from ${people})
    insert into identities (user_id, id, connection_id, status, issuer, subject, profile, scim, scim_id, is_primary, created_at)
    select 'oidc|acme|s' || n, 'i' || n, 'con_acme', 'bound', 'https://idp.acme.example', 's' || n,
      jsonb_build_object('email', 'P' || n || '@acme.example', 'preferred_username', 'U' || n || '@acme.example'),
      ${isWritten ? resource : 'null::jsonb'}, ${isWritten ? "'oidc|acme|s' || n" : 'null'}, true,
      timestamptz '2026-01-01' + n * interval '1 second' from ${people}`;
}

const FILL = [
  `insert into connections (id, name, strategy, revision, created_at, updated_at)
    select 'con_' || n, n, 'oidc', 'r', now(), now() from unnest('{acme,globex}'::text[]) n`,
  ...Array.from({ length: PEOPLE / BATCH }, (_, batch) => fillFrom(batch * BATCH + 1)),
  // Some of them are people of another connection, too.
  `insert into identities (user_id, id, connection_id, status, issuer, subject, profile, scim, created_at)
    select 'oidc|acme|s' || n, 'g' || n, 'con_globex', 'bound', 'https://idp.globex.example', 's' || n,
      jsonb_build_object('email', 'P' || n || '@acme.example'),
      case when n <= 10 then jsonb_build_object('userName', 'U' || n || '@acme.example',
        'emails', jsonb_build_array(jsonb_build_object('value', 'P' || n || '@acme.example'))) end, now()
    from generate_series(1, 1000) n`,
  'analyze',
];

beforeAll(async () => {
  database = await createTestDatabase();
  for (const statement of FILL) await database.pool.query(statement);
  const box = createSecretBox(Buffer.alloc(32, 7), 'rows', systemEntropy);
  directory = createDirectory(database.pool, box);
  scim = directory.scim;
}, 180_000);
afterAll(() => database?.drop());

/** Tables with a row for each connection. */
const SMALL = /^(user_id_prefixes|connections)/;

/** Where a plan goes through the people of a connection, or through all: every node without a condition on more than the connection. */
function findWalks(node: PlanNode): readonly string[] {
  const inner = (node.Plans ?? []).flatMap(findWalks);
  const kind = node['Node Type'];
  const condition = node['Index Cond'] ?? '';
  const onlyConnection = /^\(\(?connection_id = [^()]*(\('[^']*'::text\))?[^()]*\)$/.test(condition);
  const isIndex = /Index( Only)? Scan$/.test(kind);
  const isWalk = (isIndex && (condition === '' || onlyConnection)) || kind === 'Seq Scan';
  const place = node['Relation Name'] ?? node['Index Name'] ?? '';
  return isWalk && !SMALL.test(place) ? [...inner, `${kind} of ${place} ${condition}`] : inner;
}

async function plansOf(
  { text, values }: Recorded,
  wanted: readonly ('custom' | 'generic')[] = ['custom', 'generic'],
): Promise<readonly PlanNode[]> {
  const plans: PlanNode[] = [];
  for (const kind of wanted) {
    const query = `explain (format json${kind === 'generic' ? ', generic_plan' : ''}) ${text}`;
    const { rows } = await database.pool.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
      query,
      kind === 'generic' ? undefined : [...values],
    );
    plans.push(...rows.flatMap((row) => row['QUERY PLAN'].map(({ Plan }) => Plan)));
  }
  return plans;
}

const eq = (attribute: ScimAttribute, value: string): ScimFilter => ({ kind: 'eq', attribute, value });

/** Asks, and gives what was found and where the statements that read identities walked. */
async function ask(filter: ScimFilter | undefined, page = { offset: 0, limit: 100 }) {
  const recorder = recordStatements(database.pool);
  const found = await recorder.during(() => scim.findPeople(scope, { filter, ...page }));
  const statements = recorder.list();
  const plans = (await Promise.all(statements.map((statement) => plansOf(statement)))).flat();
  return { found, statements, walks: plans.flatMap(findWalks) };
}

const WRITTEN = 7;
const SIGNED_IN = PEOPLE - 7;

describe.each([
  ['a person whom SCIM wrote', WRITTEN],
  ['a person who only signed in', SIGNED_IN],
])('%s', (_who, n) => {
  test.each<[string, ScimFilter]>([
    ['id', eq('id', `oidc|acme|s${n}`)],
    ['userName, in another case', eq('userName', `u${n}@ACME.example`)],
    ['externalId', eq('externalId', `s${n}`)],
    ['emails, in another case', eq('emails.value', `p${n}@ACME.example`)],
    [
      'userName or emails',
      { kind: 'or', terms: [eq('userName', `U${n}@acme.example`), eq('emails.value', `P${n}@acme.example`)] },
    ],
    [
      'userName and externalId',
      { kind: 'and', terms: [eq('userName', `U${n}@acme.example`), eq('externalId', `s${n}`)] },
    ],
  ])(
    'case=by %s: one person, by an index, without a count',
    async (_name, filter) => {
      for (const limit of [100, 1]) {
        const { found, statements, walks } = await ask(filter, { offset: 0, limit });
        expect(found.total).toBe(1);
        expect(found.people.map(({ user }) => user.userId)).toEqual([`oidc|acme|s${n}`]);
        expect(statements.length).toBeGreaterThan(0);
        expect(walks).toEqual([]);
      }
    },
    60_000,
  );
});

test('case=nobody has the name: by an index, total 0', async () => {
  const { found, walks } = await ask(eq('userName', 'nobody@acme.example'));
  expect(found).toEqual({ total: 0, people: [] });
  expect(walks).toEqual([]);
});

test('case=an address of the same person at another connection is found there alone', async () => {
  const found = await scim.findPeople(
    { ...scope, connectionId: 'con_globex', idBase: 'oidc|globex' },
    { filter: eq('emails.value', 'p7@acme.example'), offset: 0, limit: 10 },
  );
  expect(found.people.map(({ identity }) => identity.id)).toEqual(['g7']);
});

test.each([
  ['the first page', 0, 100, 100],
  ['the last page, which is full', PEOPLE - 100, 100, 100],
  ['the last page, which is not', PEOPLE - 40, 100, 40],
  ['past the end', PEOPLE + 5, 100, 0],
  ['none asked for', 0, 0, 0],
])('case=all people, %s: totalResults counts everybody', async (_name, offset, limit, length) => {
  const { found } = await ask(undefined, { offset, limit });
  expect(found.total).toBe(PEOPLE);
  expect(found.people).toHaveLength(length);
});

test('case=a page of all people comes in the order of an index, nothing is sorted', async () => {
  const { statements } = await ask(undefined, { offset: 3, limit: 5 });
  // Not for any values: then the page may be half of all.
  const [page] = statements.filter(({ text }) => text.includes('offset'));
  const plans = page === undefined ? [] : await plansOf(page, ['custom']);
  const kinds = (node: PlanNode): readonly string[] => [
    node['Node Type'],
    ...(node['Index Name'] === undefined ? [] : [node['Index Name']]),
    ...(node.Plans ?? []).flatMap(kinds),
  ];
  const all = plans.flatMap(kinds);
  expect(all).toContain('identities_scim_by_age');
  expect(all).not.toContain('Sort');
});

/** Runs one write, which is taken back, and gives where its statements walked. */
async function walksOf(work: (directory: Directory) => Promise<unknown>): Promise<readonly string[]> {
  const recorder = recordStatements(database.pool);
  const undo = new Error('taken back');
  const write = directory.transaction(async (inside) => {
    await work(inside);
    throw undo;
  });
  await expect(recorder.during(() => write)).rejects.toBe(undo);
  expect(recorder.list().length).toBeGreaterThan(0);
  return (await Promise.all(recorder.list().map((statement) => plansOf(statement)))).flat().flatMap(findWalks);
}

test.each([WRITTEN, SIGNED_IN])('case=person %i is locked and saved by an index', async (n) => {
  const walks = await walksOf(async (inside) => {
    const person = await inside.scim.findPersonForUpdate(scope, `oidc|acme|s${n}`);
    if (person === undefined) throw new Error('the person is there');
    const { user } = person;
    await inside.scim.savePerson(person, { resource: { userName: `n${n}` }, claims: {}, inactive: false, user });
    await inside.scim.savePerson(person, {
      resource: { userName: `m${n}` },
      claims: {},
      inactive: true,
      user: undefined,
    });
  });
  expect(walks).toEqual([]);
});

test('case=a person is created without a walk', async () => {
  const walks = await walksOf(({ scim }) =>
    scim.createPerson(scope, {
      issuer: 'https://idp.acme.example',
      subject: 'newcomer',
      identityId: 'inewcomer',
      email: undefined,
      profile: {},
      appMetadata: {},
      blocked: false,
      claims: {},
      resource: { userName: 'newcomer' },
      boundBy: 'scim:tok',
      at: new Date(),
    }),
  );
  expect(walks).toEqual([]);
});

test('case=a group is filled, and its people are found, without a walk', async () => {
  const ids = Array.from({ length: 100 }, (_, index) => `oidc|acme|s${index * 900 + 1}`);
  const at = new Date();
  await database.pool.query(
    `insert into scim_configurations (connection_id, user_id_attribute, created_at, updated_at) values ('con_acme', 'externalId', now(), now())`,
  );
  const walks = await walksOf(async (inside) => {
    const names = { id: 'grp_1', displayName: 'Everybody', externalId: undefined };
    await inside.scim.createGroup(scope, { ...names, createdAt: at });
    expect(await inside.scim.changeMembers(scope, 'grp_1', { base: 'keep', add: ids, remove: [] }, at)).toEqual({
      added: 100,
      removed: 0,
      unknown: 0,
    });
  });
  expect(walks).toEqual([]);
});
