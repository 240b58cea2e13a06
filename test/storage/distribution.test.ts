/**
 * The keys by which the tables would be distributed (docs/scale.md): each statement of a sign-in names the key of every
 * table that it reads or writes, or is in the list of those that cross it. Decided by the plan of the statement, not by its text.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CROSSINGS,
  type Crossing,
  type Key,
  PAGE,
  PLACES,
  STATEMENTS,
  UNIQUE,
  withLists,
} from '../../scripts/scale-tables.js';
import { type Cast, createCast, PASSWORD, Visitor } from '../support/cast.js';
import { type Instance, startInstance } from '../support/instance.js';
import { takeStatistics } from '../support/large-tenant.js';
import { askForTokens } from '../support/login-stories.js';
import { type Recorded, recordStatements, type StatementRecorder } from '../support/recorded-statements.js';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Alias?: string;
  readonly Operation?: string;
  readonly 'Index Cond'?: string;
  readonly Filter?: string;
  readonly Plans?: readonly PlanNode[];
}

interface Access {
  readonly table: string;
  readonly kind: Crossing['kind'];
  /** The key that this access names; undefined if it crosses. */
  readonly names: Key | undefined;
}

interface Asked {
  readonly story: string;
  readonly statement: string;
  readonly accesses: readonly Access[];
}

let instance: Instance;
let cast: Cast;
let recorder: StatementRecorder;
const asked: Asked[] = [];

/**
 * A row of another column, such as `invited_by`, is somebody else: only the same column leads to the same machine, or
 * the id of one of the `organizations`.
 */
function isNamed(key: string, conditions: string, organizations: ReadonlySet<string> = new Set()): boolean {
  return [...conditions.matchAll(new RegExp(`(?<![.\\w])${key} = (?:(\\w+)\\.(\\w+)|)`, 'g'))].some(
    ([, alias, column]) =>
      alias === undefined ||
      column === key ||
      (key === 'organization_id' && column === 'id' && organizations.has(alias)),
  );
}

const isTable = (name: string) => (node: PlanNode) => node['Relation Name'] === name;
const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

function toAccess(node: PlanNode, table: string, locks: boolean, organizations: ReadonlySet<string>): Access {
  const place = PLACES.get(table);
  const isWrite = node['Node Type'] === 'ModifyTable';
  const kind = isWrite ? 'write' : locks ? 'lock' : 'read';
  if (place === undefined) throw new Error(`${table} has no place`);
  if (place === 'copy' || place === 'one') return { table, kind, names: undefined };
  // A changed row was found by a scan below, which is judged itself; a new row contains its key.
  const named = isWrite || isNamed(place, `${node['Index Cond'] ?? ''} ${node.Filter ?? ''}`, organizations);
  return { table, kind: isWrite ? 'write' : 'read', names: named ? place : undefined };
}

function findAccesses(node: PlanNode, organizations: ReadonlySet<string>, locks = false): readonly Access[] {
  const table = node['Relation Name'];
  const inside = locks || node['Node Type'] === 'LockRows';
  const inner = (node.Plans ?? []).flatMap((plan) => findAccesses(plan, organizations, inside));
  return table === undefined ? inner : [toAccess(node, table, inside, organizations), ...inner];
}

function findAll(plan: PlanNode): readonly Access[] {
  const organizations = nodesOf(plan).filter(isTable('organizations'));
  return findAccesses(plan, new Set(organizations.map(({ Alias = '' }) => Alias)));
}

/** The name of a statement; those without one are called by what they do. */
function nameOf({ name, text }: Recorded): string {
  if (text.includes('attempt_counters')) return 'attempts';
  if (/^\s*insert into logs/.test(text)) return 'log-append';
  return name?.replace(/-[0-9a-f]{24}$/, '') ?? text.trim().slice(0, 60);
}

/** Explains a statement for any values. Only index scans and nested loops: they show the condition of each table. */
async function explain({ text }: Recorded): Promise<readonly Access[]> {
  const client = await instance.database.pool.connect();
  try {
    for (const way of ['seqscan', 'hashjoin', 'mergejoin', 'bitmapscan']) await client.query(`set enable_${way} = off`);
    const { rows } = await client.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
      `explain (format json, generic_plan) ${text}`,
    );
    return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => findAll(Plan)));
  } finally {
    await client.query('reset all');
    client.release();
  }
}

async function play<T>(story: string, work: () => Promise<T>): Promise<T> {
  const answer = await recorder.during(work);
  for (const statement of recorder.take())
    asked.push({ story, statement: nameOf(statement), accesses: await explain(statement) });
  return answer;
}

beforeAll(async () => {
  instance = await startInstance();
  await takeStatistics(instance.database.pool);
  const refresh = { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 };
  cast = await createCast(instance, { clientFields: { refresh_token: refresh } });
  await cast.invite('ivy@acme.example');
  await cast.createMember('olga@plain.example');
  recorder = recordStatements(instance.server.pool);
  const ivy = (visitor: Visitor) => visitor.throughSso('ivy', 'ivy@acme.example');
  const newcomer = new Visitor(cast);
  const code = await play('a new person comes by an invitation', () => ivy(newcomer));
  const tokens = await play('the application redeems the code', () => newcomer.redeem(code));
  const returning = new Visitor(cast);
  await play('a member comes back by single sign-on', () => ivy(returning));
  await play('a stranger is refused', () => new Visitor(cast).throughSso('sam', 'sam@acme.example'));
  await play('an open session answers', () => returning.open({ prompt: 'none' }));
  await play('a password', () => new Visitor(cast).withPassword('olga@plain.example', PASSWORD));
  const rotation = { grant_type: 'refresh_token', refresh_token: String(tokens.refreshToken) };
  await play('a refresh token is rotated', () => askForTokens(cast, rotation));
}, 120_000);
afterAll(async () => {
  await cast.stop();
  await instance.stop();
});

const unique = (lines: readonly string[]) => [...new Set(lines)].sort();

test('each table has one place', async () => {
  const { rows } = await instance.database.pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
  );
  expect([...PLACES.keys()].sort()).toEqual(rows.map(({ name }) => name).sort());
});

test('each statement of a sign-in names the keys that the page says', () => {
  const found = asked.map(({ story, statement, accesses }) => {
    const names = new Set(accesses.flatMap(({ names }) => (names === undefined ? [] : [names])));
    return `${story}: ${statement} names ${[...names].sort().join(', ')}`;
  });
  const listed = STATEMENTS.map(({ story, statement, names }) => `${story}: ${statement} names ${names.join(', ')}`);
  expect(unique(found)).toEqual(unique(listed));
});

test('no statement crosses a key except those in the list, and all of those do', () => {
  const found = asked.flatMap(({ statement, accesses }) =>
    accesses
      .filter(({ table, kind, names }) => {
        const place = PLACES.get(table);
        return names === undefined && (kind !== 'read' || (place !== 'copy' && place !== 'one'));
      })
      .map(({ table, kind }) => `${statement}: ${kind} of ${table}`),
  );
  expect(unique(found)).toEqual(
    unique(CROSSINGS.map(({ statement, kind, table }) => `${statement}: ${kind} of ${table}`)),
  );
});

test('case=a column of another name is somebody else, and an expression of the key is a value', () => {
  expect(isNamed('user_id', '((organization_id = $2) AND (user_id = $1))')).toBe(true);
  expect(isNamed('user_id', '(user_id = u_1.user_id)')).toBe(true);
  expect(isNamed('user_id', '(user_id = i_2.invited_by)')).toBe(false);
  expect(isNamed('user_id', '(managed_user_id = $1)')).toBe(false);
  expect(isNamed('organization_id', '(organization_id = o.id)', new Set(['o']))).toBe(true);
  expect(isNamed('organization_id', '(organization_id = c.id)', new Set(['o']))).toBe(false);
});

test('each unique index without the key of its table is in the list', async () => {
  const { rows } = await instance.database.pool.query<{ name: string; table: string; columns: readonly string[] }>(
    `select i.relname as name, t.relname as table, array(
       select a.attname::text from pg_attribute a where a.attrelid = t.oid and a.attnum = any (x.indkey)) as columns
     from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
     where x.indisunique and t.relnamespace = 'public'::regnamespace`,
  );
  const without = rows.filter(({ table, columns }) => {
    const place = PLACES.get(table) ?? 'one';
    return place !== 'copy' && place !== 'one' && !columns.includes(place);
  });
  expect(without.map(({ name }) => name).sort()).toEqual(Object.keys(UNIQUE).sort());
});

test('the lists of the page are up to date', () => {
  const page = readFileSync(PAGE, 'utf8');
  expect(page, 'run npx tsx scripts/scale-tables.ts').toBe(withLists(page));
});
