/**
 * Bodies, paths and queries that no directory sends: the documented requests of two directories, changed at random, and rubbish. Each time
 * the answer is below 500 and in the protocol's form, and nothing beside the connection's own people and groups changes.
 * `SCIM_FUZZ=100000` plays more, as `npm run fuzz` does; `SCIM_FUZZ_SEED` the same again.
 */

import { readFileSync } from 'node:fs';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scimRoutes } from '../../src/http/scim/routes.js';
import { createLedger } from '../../src/storage/database/ledger.js';
import { type Cast, createCast, type Management, startManagement } from '../management/harness.js';
import fc, { SEED as SEED_OF_RUN } from '../support/random.js';
import { ALL_SCOPES, personOf } from './support.js';

const REQUESTS = Number(process.env.SCIM_FUZZ ?? 2_000);
const SEED = Number(process.env.SCIM_FUZZ_SEED ?? SEED_OF_RUN);

let api: Management;
let cast: Cast;
let scim: FastifyInstance;
let root: string;
let token: string;
let ids: readonly string[];

beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  const path = `/connections/${cast.oidcConnection}/scim-configuration`;
  await api.post(path, {});
  token = (await api.post(`${path}/tokens`, { scopes: ALL_SCOPES })).body.token;
  root = `/scim/v2/connections/${cast.oidcConnection}`;
  const { directory, clock, entropy, origin } = api.deps;
  scim = Fastify({ routerOptions: { maxParamLength: 2_048 } });
  await scim.register(scimRoutes({ origin, directory, ledger: createLedger(api.database.pool), clock, entropy }), {
    prefix: '/scim/v2',
  });
  const user = await send('POST', '/Users', JSON.stringify(personOf('fuzzed')));
  const group = await send('POST', '/Groups', JSON.stringify({ displayName: 'Fuzzed', members: [user.json().id] }));
  ids = [user.json().id, group.json().id];
});
afterAll(async () => {
  await scim.close();
  await api.close();
});

const send = (method: string, path: string, payload?: string | Buffer, type = 'application/scim+json') =>
  scim.inject({
    method: method as 'POST',
    url: `${root}${path}`,
    headers: { authorization: `Bearer ${token}`, ...(payload !== undefined && { 'content-type': type }) },
    ...(payload !== undefined && { payload }),
  });

const DOCUMENTED = ['entra', 'okta'].flatMap((name) =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8')),
) as readonly { method: string; path: string; body?: unknown }[];

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1e300,
    '',
    ' ',
    '\0',
    '\ud800',
    'False',
    '__proto__',
    'constructor',
    [],
    {},
    [[]],
    [null],
    { value: null },
    { __proto__: null, toString: 1 },
    'x'.repeat(3_000),
    '%7C',
    'a%7C%zz',
    'members[value eq "\\"]',
    'emails[type eq "work"].value',
    'members[value eq "a" and value eq "b"]',
    'urn:ietf:params:scim:schemas:core:2.0:User',
  ),
  fc.string({ maxLength: 30, unit: 'binary' }),
  fc.jsonValue({ maxDepth: 4 }),
);

/** Puts something odd in place of, or beside, one part of a value. */
function change(value: unknown, at: readonly number[], piece: unknown): unknown {
  const [place, ...deeper] = at;
  if (place === undefined || typeof value !== 'object' || value === null) return piece;
  const keys = Object.keys(value);
  if (keys.length === 0 || place % 7 === 0) return Array.isArray(value) ? [...value, piece] : { ...value, odd: piece };
  const key = keys[place % keys.length] ?? '';
  const inner = (value as Record<string, unknown>)[key];
  const changed = change(inner, deeper, piece);
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === key ? changed : item));
  return { ...value, [key]: changed };
}

interface Shot {
  readonly method: string;
  readonly path: string;
  readonly body: string | Buffer | undefined;
}

const filled = (text: string, id: string) => text.replace(/\{\w+\}/g, id);
/** Half a surrogate pair cannot be part of an address. */
const whole = (text: string) => text.replace(/\p{Surrogate}/gu, '?');
const place = fc.array(fc.nat(40), { minLength: 1, maxLength: 4 });

const shot = (): fc.Arbitrary<Shot> =>
  fc
    .record({
      base: fc.constantFrom(...DOCUMENTED),
      id: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...ids) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
      ),
      changes: fc.array(fc.tuple(place, odd), { maxLength: 3 }),
      raw: fc.oneof(
        { weight: 11, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.string({ maxLength: 60 })) },
      ),
      query: fc.option(
        fc.record(
          {
            filter: fc.string({ maxLength: 60 }),
            attributes: fc.string({ maxLength: 30 }),
            sortBy: fc.string({ maxLength: 12 }),
            startIndex: fc.constantFrom('0', '-1', '99999999999', 'x', '1e3'),
          },
          { requiredKeys: [] },
        ),
        { freq: 3, nil: undefined },
      ),
    })
    .map(({ base, id, changes, raw, query }): Shot => {
      const [path = '', asked] = base.path.split('?');
      const search = query === undefined ? (asked ?? '') : String(new URLSearchParams(query as Record<string, string>));
      const url = `${filled(path, encodeURIComponent(whole(id)))}${search === '' ? '' : `?${encodeURI(whole(filled(search, id)))}`}`;
      const start =
        base.body === undefined
          ? undefined
          : JSON.parse(filled(JSON.stringify(base.body), JSON.stringify(id).slice(1, -1)));
      const body =
        start === undefined ? undefined : changes.reduce((value, [at, piece]) => change(value, at, piece), start);
      // The person of the shots stays there.
      const method = base.method === 'DELETE' && ids.includes(id) ? 'PATCH' : base.method;
      if (raw !== undefined) return { method, path: url, body: typeof raw === 'string' ? raw : Buffer.from(raw) };
      return { method, path: url, body: body === undefined ? undefined : JSON.stringify(body) };
    });

/** The rows that no directory may change. */
async function others(): Promise<unknown> {
  const rows = async (text: string) => (await api.database.pool.query(text, [cast.oidcConnection])).rows;
  return [
    await rows(
      'select * from users u where $1 <> all (select connection_id from identities i where i.user_id = u.user_id) order by 1',
    ),
    await rows('select * from identities where connection_id <> $1 order by 1, 2'),
    await rows('select * from members where $1 <> $1 or true order by 1, 2'),
    // The token of these requests is in use, and says so every few minutes.
    await rows("select to_jsonb(t) - 'last_used_at' as token from scim_tokens t where $1 <> $1 or true order by t.id"),
  ];
}

test(
  `${REQUESTS} requests that nobody documents are answered, and none of them reaches anybody else (seed ${SEED})`,
  async () => {
    const before = await others();
    const statuses = new Map<number, number>();
    let writes = 0;
    await fc.assert(
      fc.asyncProperty(shot(), async ({ method, path, body }) => {
        const answer = await send(method, path, body);
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
        if (method !== 'GET' && answer.statusCode < 300) writes += 1;
        expect(answer.statusCode, answer.body).toBeLessThan(500);
        if (answer.statusCode >= 400)
          expect(answer.json().schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error']);
      }),
      { numRuns: REQUESTS, seed: SEED },
    );
    console.log(`${REQUESTS} requests, seed ${SEED}, ${writes} writes done:`, Object.fromEntries(statuses));
    expect(await others()).toEqual(before);
    // Shots that are all refused at once would look at nothing.
    expect(statuses.get(200) ?? 0).toBeGreaterThan(REQUESTS / 20);
    expect(writes).toBeGreaterThan(REQUESTS / 50);
    expect(statuses.get(400) ?? 0).toBeGreaterThan(REQUESTS / 20);
  },
  Math.max(600_000, REQUESTS * 300),
);

test.each([
  ['a path that could be tried in many ways', { op: 'remove', path: `members[value eq "${'\\\\'.repeat(500)}` }],
  ['a path of many brackets', { op: 'replace', path: `emails${'[type eq "a"]'.repeat(30)}`, value: 'x' }],
])('case=%s is refused', async (_title, operation) => {
  for (const path of [`/Users/${encodeURIComponent(ids[0] ?? '')}`, `/Groups/${ids[1]}`]) {
    const answer = await send('PATCH', path, JSON.stringify({ Operations: [operation] }));
    expect(answer.statusCode).toBe(400);
  }
});

test('case=a body that nests without end, or holds too much, is refused before it is looked at', async () => {
  const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
  const wide = JSON.stringify({ displayName: 'Wide', members: Array.from({ length: 120_000 }, () => 1) });
  for (const path of ['/Users', '/Groups']) {
    expect((await send('POST', path, deep)).statusCode, path).toBe(400);
    expect([400, 413], path).toContain((await send('POST', path, wide)).statusCode);
  }
  expect((await send('POST', '/Groups', Buffer.alloc(2_000_000, 32))).statusCode).toBe(413);
});
