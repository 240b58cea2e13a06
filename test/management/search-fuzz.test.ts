/**
 * Searches of users and of the log: queries made from the grammar find exactly those whom an evaluator of the test finds, texts that are none are a
 * 400 with Auth0's error, and nothing takes the server more than its own time.
 */

import { afterAll, beforeAll, expect, test } from 'vitest';
import fc from '../support/random.js';
import { ALL, type Management, startManagement } from './harness.js';

const PEOPLE = 240;
const LINES = 240;
const RUNS = Number(process.env.SEARCH_FUZZ_RUNS ?? 250);

interface Person {
  readonly id: string;
  readonly email: string | undefined;
  readonly name: string | undefined;
  readonly blocked: boolean;
  readonly verified: boolean;
  readonly connections: readonly string[];
  readonly username: string | undefined;
  readonly organizations: readonly string[];
  readonly logins: number;
  readonly lastLogin: Date | undefined;
  readonly created: Date;
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface Line {
  readonly id: string;
  readonly type: string;
  readonly client: string;
  readonly user: string | undefined;
  readonly organization: string;
  readonly address: string;
  readonly reference: string;
  readonly date: Date;
}

const pick = <T>(values: readonly T[], n: number): T => values[n % values.length] as T;
/** Everything that means something to `like`, to the query language or to a regular expression. */
const NAMES = [
  'Dana',
  'dana b',
  'D_na',
  'D%',
  'back\\slash',
  'a "quoted" one',
  'Élodie',
  '(NOT)',
  'AND',
  '*',
  '-x',
  'a:b',
];
const DOMAINS = ['acme.example', 'acme.example.org', 'globex.example'];
const CONNECTIONS = ['Username-Password', 'acme-oidc', 'acme-oidc-2', 'Globex'];
const TYPES = ['s', 'f', 'fp', 'sapi'];
const START = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

const ORGANIZATIONS = ['org_a', 'org_b', 'org_c'];
/** Everything that means something to a path of SQL/JSON, and lists and objects on the way. */
const METADATA: readonly Readonly<Record<string, unknown>>[] = [
  { plan: 'gold', seats: 5, active: true },
  { plan: 'Gold', seats: '5', active: 'true' },
  { plan: ['gold', 'silver'], nested: { plan: 'gold' } },
  { nested: [{ plan: 'silver' }, { plan: 'gold" || true' }], plan: null },
  { plan: 'x\\"y', nested: { plan: { name: 'gold' } }, 'a-b': 1.5 },
  { plan: {}, nested: [], seats: 0, active: false },
  { plan: '$.seats', nested: { plan: ['gold'] }, constructor: 'own' },
];
const METADATA_PATHS = ['plan', 'seats', 'active', 'nested.plan', 'nested.plan.name', 'a-b', 'nested', 'constructor'];
const METADATA_TEXTS = [
  'gold',
  'Gold',
  'GOLD',
  '5',
  '1.5',
  '0',
  'true',
  'false',
  'null',
  'x\\"y',
  '$.seats',
  'gold" || true',
];

/** Returns the values at a path: a list on the way is its items, and null, an empty list and an empty object are nothing. */
function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  const [key, ...rest] = path;
  const isObject = typeof value === 'object' && value !== null;
  if (key !== undefined) return isObject && Object.hasOwn(value, key) ? valuesAt(Reflect.get(value, key), rest) : [];
  return value === null || (isObject && Object.keys(value).length === 0) ? [] : [value];
}

const people: readonly Person[] = Array.from({ length: PEOPLE }, (_, n) => ({
  id: n % 5 === 0 ? `oidc|acme|${n}_%` : `auth0|${n}`,
  email: n % 11 === 0 ? undefined : `${pick(['dana', 'd_na', 'x.y', "o'b"], n)}${n % 17}@${pick(DOMAINS, n)}`,
  name: n % 3 === 0 ? undefined : pick(NAMES, n),
  blocked: n % 7 === 0,
  verified: n % 2 === 0 && n % 11 !== 0,
  connections: CONNECTIONS.filter((_name, at) => (n >> at) % 2 === 1),
  username: n % 4 === 0 ? undefined : `${pick(NAMES, n + 1)}${n % 6}`,
  organizations: ORGANIZATIONS.filter((_id, at) => (n >> (at + 2)) % 2 === 1),
  logins: n % 9,
  lastLogin: n % 9 === 0 ? undefined : new Date(START + (n % 40) * DAY + (n % 3) * 3_600_000),
  created: new Date(START + (n % 25) * DAY),
  metadata: n % 8 === 0 ? {} : pick(METADATA, n),
}));
const lines: readonly Line[] = Array.from({ length: LINES }, (_, n) => ({
  id: `line${String(n).padStart(4, '0')}`,
  type: pick(TYPES, n),
  client: `cli_${n % 3}`,
  user: n % 4 === 0 ? undefined : pick(people, n % 13).id,
  organization: n % 5 === 0 ? '' : `org_${n % 5}`,
  address: `p${n % 6}@acme.example`,
  reference: `V-000${n % 10}-AAAA`,
  date: new Date(START + (n % 30) * DAY),
}));

let api: Management;

beforeAll(async () => {
  api = await startManagement();
  const { pool } = api.database;
  for (const [at, name] of CONNECTIONS.entries())
    await pool.query(
      `insert into connections (id, name, strategy, revision, created_at, updated_at) values ($1, $2, 'oidc', 'r', now(), now())`,
      [`con_${at}`, name],
    );
  for (const id of ORGANIZATIONS)
    await pool.query(`insert into organizations (id, name, created_at, updated_at) values ($1, $1, now(), now())`, [
      id,
    ]);
  for (const person of people) {
    await pool.query(
      `insert into users (user_id, email, email_vouched_by, name, blocked, username, app_metadata, user_metadata, logins_count,
         last_login_at, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9::timestamptz, $10::timestamptz, coalesce($9::timestamptz, $10::timestamptz))`,
      [
        person.id,
        person.email,
        person.verified ? 'mail' : null,
        person.name,
        person.blocked,
        person.username,
        JSON.stringify(person.metadata),
        person.logins,
        person.lastLogin,
        person.created,
      ],
    );
    await pool.query(
      `insert into members (organization_id, user_id, via, created_at) select o, $1, 'invited', now() from unnest($2::text[]) o`,
      [person.id, person.organizations],
    );
    for (const at of CONNECTIONS.keys()) {
      // An identity that is only expected is none that a search finds.
      const isBound = person.connections.includes(CONNECTIONS[at] ?? '');
      await pool.query(
        `insert into identities (user_id, id, connection_id, status, issuer, subject, created_at) values ($1, $2, $3, $4, 'i', $5, now())`,
        [person.id, `${person.id}-${at}`, `con_${at}`, isBound ? 'bound' : 'expected', `${person.id}-${at}`],
      );
    }
  }
  await pool.query('delete from logs');
  for (const line of lines)
    await pool.query(
      `insert into logs (organization_id, log_id, date, type, client_id, user_id, details) values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        line.organization,
        line.id,
        line.date,
        line.type,
        line.client,
        line.user,
        JSON.stringify({ reference: line.reference, body: { email: line.address } }),
      ],
    );
}, 60_000);
afterAll(() => api?.close());

async function ask(path: string): Promise<{ status: number; body: unknown; text: string }> {
  const answer = await api.app.inject({ url: `/api/v2${path}`, headers: { authorization: `Bearer ${ALL}` } });
  return { status: answer.statusCode, body: answer.json(), text: answer.body };
}

/** The ids of all pages. */
async function findAll(path: string, id: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (let page = 0; ; page += 1) {
    const { status, body, text } = await ask(`${path}&per_page=100&page=${page}`);
    expect(status, `${decodeURIComponent(path)}: ${text}`).toBe(200);
    const items = body as readonly Record<string, string>[];
    found.push(...items.map((item) => item[id] ?? ''));
    if (items.length < 100) return found.sort();
  }
}

/** A query and whom it means. */
interface Query<Item> {
  readonly text: string;
  readonly means: (item: Item) => boolean;
}

const escapeBare = (text: string) => text.replace(/[\s()"\\*?~^[\]{}:!&|-]/g, '\\$&');
const escapeQuoted = (text: string) => text.replace(/["\\]/g, '\\$&');
const isAs = (value: string | undefined, text: string, form: string) => {
  const [mine, theirs] = [value?.toLowerCase(), text.toLowerCase()];
  return form === 'start' ? mine?.startsWith(theirs) === true : mine === theirs;
};

/** One field with a text: as it is, in quotes, or its beginning. */
function textTerm(
  field: string,
  values: readonly string[],
  read: (person: Person) => readonly (string | undefined)[],
): fc.Arbitrary<Query<Person>> {
  const text = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: fc.constantFrom(...NAMES, '\\', '%', '_', 'zzz') },
  );
  return fc.tuple(text, fc.constantFrom('bare', 'quoted', 'start'), fc.nat(6)).map(([whole, form, cut]) => {
    const value = form === 'start' ? whole.slice(0, cut + 1) : whole;
    const shown = form === 'quoted' ? `"${escapeQuoted(value)}"` : `${escapeBare(value)}${form === 'start' ? '*' : ''}`;
    return {
      text: `${field}:${shown}`,
      means: (person: Person) => read(person).some((mine) => isAs(mine, value, form)),
    };
  });
}

const emails = people.flatMap(({ email }) => email ?? []);
const shownName = ({ name, email }: Person) => name ?? email;
const plainTerm = (text: string, means: Query<Person>['means']) => fc.constant({ text, means });

const dayText = (n: number) => new Date(START + n * DAY).toISOString().slice(0, 10);
/** A range of days, or of hours, with both kinds of ends. Days in brackets are whole. */
const dateTerm = fc
  .tuple(
    fc.constantFrom('last_login', 'created_at', 'updated_at'),
    fc.integer({ min: -1, max: 41 }),
    fc.integer({ min: -1, max: 41 }),
    fc.boolean(),
    fc.boolean(),
    fc.constantFrom(0, 1, 2),
  )
  .map(([field, a, b, isOpen, isClosed, hour]): Query<Person> => {
    const instant = (n: number) => new Date(START + n * DAY + hour * 3_600_000);
    const write = (n: number) => (n < 0 ? '*' : hour === 0 ? dayText(n) : instant(n).toISOString());
    const length = hour === 0 ? DAY : 1;
    const from = a < 0 ? -Infinity : instant(a).getTime() + (isOpen ? length : 0);
    const before = b < 0 ? Infinity : instant(b).getTime() + (isClosed ? length : 0);
    return {
      text: `${field}:${isOpen ? '{' : '['}${write(a)} TO ${write(b)}${isClosed ? ']' : '}'}`,
      means: ({ lastLogin, created }) => {
        const date = field === 'created_at' ? created : field === 'last_login' ? lastLogin : (lastLogin ?? created);
        return date !== undefined && date.getTime() >= from && date.getTime() < before;
      },
    };
  });
const countTerm = fc.tuple(fc.constantFrom('>', '>=', '<', '<=', '='), fc.nat(9)).map(([sign, n]): Query<Person> => {
  const holds = {
    '>': (x: number) => x > n,
    '>=': (x: number) => x >= n,
    '<': (x: number) => x < n,
    '<=': (x: number) => x <= n,
    '=': (x: number) => x === n,
  };
  return {
    text: `logins_count:${sign === '=' ? '' : sign}${n}`,
    means: ({ logins }) => holds[sign as keyof typeof holds](logins),
  };
});
const metadataTerm = fc
  .tuple(
    fc.constantFrom('app_metadata', 'user_metadata'),
    fc.constantFrom(...METADATA_PATHS),
    fc.constantFrom('*', ...METADATA_TEXTS),
    fc.boolean(),
  )
  .map(([of, path, text, quoted]): Query<Person> => {
    const found = ({ metadata }: Person) => valuesAt(metadata, path.split('.'));
    if (text === '*')
      return {
        text: quoted ? `_exists_:${of}.${path}` : `${of}.${path}:*`,
        means: (person) => found(person).length > 0,
      };
    return {
      text: `${of}.${path}:${quoted ? `"${escapeQuoted(text)}"` : escapeBare(text)}`,
      means: (person) => found(person).some((value) => typeof value !== 'object' && String(value) === text),
    };
  });
const usernames = people.flatMap(({ username }) => username ?? []);

const userTerm: fc.Arbitrary<Query<Person>> = fc.oneof(
  dateTerm,
  countTerm,
  metadataTerm,
  fc
    .tuple(fc.constantFrom(...usernames), fc.constantFrom('bare', 'quoted', 'start'), fc.nat(6))
    .map(([whole, form, cut]) => {
      const value = form === 'start' ? whole.slice(0, cut + 1) : whole;
      return {
        text: `username:${form === 'quoted' ? `"${escapeQuoted(value)}"` : `${escapeBare(value)}${form === 'start' ? '*' : ''}`}`,
        means: ({ username }: Person) => (form === 'start' ? username?.startsWith(value) === true : username === value),
      };
    }),
  fc.constantFrom(...ORGANIZATIONS, 'org_none', 'ORG_A').map((id) => ({
    text: `organization_id:${id}`,
    means: ({ organizations }: Person) => organizations.includes(id),
  })),
  plainTerm('_exists_:organization_id', ({ organizations }) => organizations.length > 0),
  plainTerm('_exists_:username', ({ username }) => username !== undefined),
  plainTerm('_exists_:last_login', ({ lastLogin }) => lastLogin !== undefined),
  plainTerm('logins_count:*', ({ logins }) => logins > 0),
  plainTerm('last_login:2026-01', ({ lastLogin }) => lastLogin !== undefined && lastLogin.getUTCMonth() === 0),

  textTerm('email', emails, ({ email }) => [email]),
  textTerm('email.raw', emails, ({ email }) => [email]),
  textTerm('email.domain', DOMAINS, ({ email }) => [email?.split('@')[1]]),
  textTerm('name', [...NAMES, ...emails.slice(0, 9)], (person) => [shownName(person)]),
  textTerm('identities.connection', CONNECTIONS, ({ connections }) => connections),
  fc.tuple(fc.constantFrom(...people), fc.boolean()).map(([{ id }, quoted]) => ({
    text: `user_id:${quoted ? `"${escapeQuoted(id)}"` : escapeBare(id)}`,
    means: (person: Person) => person.id === id,
  })),
  plainTerm('user_id:auth0|1*', ({ id }) => id.startsWith('auth0|1')),
  plainTerm('blocked:true', ({ blocked }) => blocked),
  plainTerm('blocked:"false"', ({ blocked }) => !blocked),
  plainTerm('email_verified:true', ({ verified }) => verified),
  plainTerm('email_verified:false', ({ verified }) => !verified),
  plainTerm('_exists_:email', ({ email }) => email !== undefined),
  plainTerm('name:*', (person) => shownName(person) !== undefined),
  plainTerm('_exists_:identities.connection', ({ connections }) => connections.length > 0),
  plainTerm('*:*', () => true),
);

/** `or` of `and` of `not` of terms, as Lucene binds them. */
function grammarOf<Item>(term: fc.Arbitrary<Query<Item>>): fc.Arbitrary<Query<Item>> {
  const { or } = fc.letrec<{ or: Query<Item>; and: Query<Item>; unary: Query<Item> }>((tie) => ({
    unary: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      term,
      fc.tuple(fc.constantFrom('NOT ', '-', '!', 'NOT  '), tie('unary')).map(([sign, { text, means }]) => ({
        text: `${sign}${text}`,
        means: (item: Item) => !means(item),
      })),
      fc.tuple(tie('or'), fc.constantFrom('', ' ')).map(([{ text, means }, gap]) => ({
        text: `(${gap}${text}${gap})`,
        means,
      })),
    ),
    and: fc
      .tuple(fc.array(tie('unary'), { minLength: 1, maxLength: 3 }), fc.constantFrom(' AND ', ' && '))
      .map(([parts, sign]) => ({
        text: parts.map(({ text }) => text).join(sign),
        means: (item: Item) => parts.every(({ means }) => means(item)),
      })),
    or: fc
      .tuple(fc.array(tie('and'), { minLength: 1, maxLength: 3 }), fc.constantFrom(' OR ', ' || ', ' '))
      .map(([parts, sign]) => ({
        text: parts.map(({ text }) => text).join(sign),
        means: (item: Item) => parts.some(({ means }) => means(item)),
      })),
  }));
  return or;
}

const seed = process.env.SEARCH_FUZZ_SEED === undefined ? {} : { seed: Number(process.env.SEARCH_FUZZ_SEED) };

test('case=users: a query finds those whom it means, neither more nor fewer', { timeout: 240_000 }, async () => {
  const sizes = new Set<number>();
  await fc.assert(
    fc.asyncProperty(grammarOf(userTerm), async ({ text, means }) => {
      // Past the limits a query is refused, which users.test.ts holds.
      fc.pre(text.length <= 2_000 && (text.match(/:/g) ?? []).length <= 50);
      const found = await findAll(`/users?q=${encodeURIComponent(text)}`, 'user_id');
      expect(found, text).toEqual(
        people
          .filter(means)
          .map(({ id }) => id)
          .sort(),
      );
      sizes.add(found.length);
    }),
    { numRuns: RUNS, ...seed },
  );
  expect(sizes.size).toBeGreaterThan(20);
});

const types = fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 3 }).chain((wanted) =>
  fc.constantFrom(' OR ', ' ').map((sign) => ({
    text: wanted.length === 1 ? `type:${wanted[0]}` : `(${wanted.map((type) => `type:${type}`).join(sign)})`,
    means: (line: Line) => wanted.includes(line.type),
  })),
);
const lineTerms: readonly fc.Arbitrary<Query<Line>>[] = [
  types,
  fc
    .constantFrom('cli_0', 'cli_1', 'cli_x')
    .map((id) => ({ text: `client_id:${id}`, means: ({ client }) => client === id })),
  fc.constantFrom(...people.slice(0, 14)).map(({ id }) => ({
    text: `user_id:"${id}"`,
    means: ({ user }) => user === id,
  })),
  fc
    .nat(6)
    .map((n) => ({ text: `organization_id:org_${n}`, means: ({ organization }) => organization === `org_${n}` })),
  fc.nat(7).map((n) => ({
    text: `P${n}@Acme.example`,
    means: ({ address, user }) =>
      address === `p${n}@acme.example` || people.find(({ id }) => id === user)?.email === `p${n}@acme.example`,
  })),
  fc.tuple(fc.nat(12), fc.constantFrom('reference:', '')).map(([n, field]) => ({
    text: `${field}V-000${n % 10}-AAAA`,
    means: ({ reference }) => reference === `V-000${n % 10}-AAAA`,
  })),
  fc.tuple(fc.integer({ min: -1, max: 31 }), fc.integer({ min: -1, max: 31 })).map(([a, b]) => {
    const toText = (n: number) => (n < 0 ? '*' : new Date(START + n * DAY).toISOString());
    return {
      text: `date:[${toText(a)} TO ${toText(b)}]`,
      means: ({ date }) => (a < 0 || date.getTime() >= START + a * DAY) && (b < 0 || date.getTime() <= START + b * DAY),
    };
  }),
];

test('case=logs: a query finds the lines that it means, neither more nor fewer', { timeout: 240_000 }, async () => {
  const sizes = new Set<number>();
  const queries = fc
    .uniqueArray(fc.nat(lineTerms.length - 1), { minLength: 1, maxLength: 3 })
    .chain((chosen) =>
      fc.tuple(
        fc.tuple(...chosen.map((at) => lineTerms[at] as fc.Arbitrary<Query<Line>>)),
        fc.constantFrom(' AND ', ' '),
        fc.boolean(),
      ),
    );
  await fc.assert(
    fc.asyncProperty(queries, async ([terms, sign, wrapped]) => {
      const text = terms.map((term) => (wrapped ? `(${term.text})` : term.text)).join(sign);
      const found = await findAll(`/logs?q=${encodeURIComponent(text)}`, 'log_id');
      expect(found, text).toEqual(lines.filter((line) => terms.every(({ means }) => means(line))).map(({ id }) => id));
      sizes.add(found.length);
    }),
    { numRuns: RUNS, ...seed },
  );
  expect(sizes.size).toBeGreaterThan(10);
});

/** Half of a language: its pieces in any order, and texts of any kind between them. */
const garbage = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'email',
        'type',
        'date',
        '_exists_',
        'user_id',
        'name',
        'constructor',
        '__proto__',
        'blocked',
        'last_login',
        'logins_count',
        'organization_id',
        'app_metadata.a',
        'user_metadata.a.b',
        '*',
      ),
      fc.constantFrom(
        ':',
        ':',
        '"',
        '\\',
        '(',
        ')',
        '[',
        ']',
        '{',
        ' TO ',
        '*',
        '?',
        '~',
        '^',
        '-',
        '!',
        '/',
        '.*',
        '+',
      ),
      fc.constantFrom(
        ' AND ',
        ' OR ',
        ' NOT ',
        ' && ',
        ' || ',
        ' ',
        '\t',
        '\n',
        '\0',
        '\u2028',
        '\ud800',
        '💩',
        'İ',
        '%',
        '_',
      ),
      fc.constantFrom(
        '[2026-01-01 TO *]',
        '{9999 TO 9999}',
        '>=9999-12-31',
        '<0001',
        '>=999999999',
        '2026-01-01T00:00+23:59',
        '[9999999-01-01 TO *]',
        '[* TO 2026-02-31]',
        'V-0000-0000',
        'a@b.example',
      ),
      fc.string({ maxLength: 6, unit: 'binary' }),
    ),
    { minLength: 1, maxLength: 30 },
  )
  .map((pieces) => pieces.join(''));

test('case=garbage is a 400 with its reason, or a query: never a 500', { timeout: 240_000 }, async () => {
  const seen = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(garbage, fc.constantFrom('/users', '/logs'), async (text, path) => {
      const q = encodeURIComponent(text.replace(/\p{Surrogate}/gu, ''));
      const { status, body } = await ask(`${path}?q=${q}`);
      seen.set(status, (seen.get(status) ?? 0) + 1);
      if (status !== 200)
        expect(body).toEqual({
          statusCode: 400,
          error: 'Bad Request',
          message: expect.stringMatching(/^Query validation error: '[\s\S]+'( on property q)?\.$/),
          errorCode: 'invalid_query_string',
        });
    }),
    { numRuns: RUNS * 4, ...seed },
  );
  expect([...seen.keys()].sort()).toEqual([200, 400]);
});

test('case=as long as a query may be, of what costs most', async () => {
  const long = [
    'name:a* '.repeat(50),
    `${'('.repeat(20)}email:x*${')'.repeat(20)}`,
    `name:"${'\\\\'.repeat(990)}"`,
    `name:${'%'.repeat(1_900)}*`,
    'identities.connection:* '.repeat(50),
    'identities.connection:a* '.repeat(50),
    'organization_id:org_a '.repeat(50),
    '_exists_:app_metadata.a.b.c.d.e.f.g.h.i.j '.repeat(47),
    `app_metadata.plan:"${'\\"'.repeat(900)}"`,
    `user_metadata.${'k'.repeat(1_800)}.a:true`,
    `${'NOT last_login:[2026-01-01T01:00 TO 2026-01-02T01:00] '.repeat(36)}`,
  ];
  for (const text of long)
    expect([text, (await ask(`/users?q=${encodeURIComponent(text)}`)).status]).toEqual([text, 200]);
  for (const text of ['('.repeat(499), 'type:s '.repeat(70), `"${'a'.repeat(400)}`, 'date:['.repeat(80)])
    expect([200, 400]).toContain((await ask(`/logs?q=${encodeURIComponent(text)}`)).status);
});
