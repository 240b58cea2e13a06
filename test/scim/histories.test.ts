/**
 * Random histories of two companies' directories and the operator, on a real database. After every request of a directory: nobody joined an
 * organization, no account that is not its own changed in any column, nothing of another connection changed, a person is there once, and
 * whom the operator blocked is blocked.
 */

import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scimRoutes } from '../../src/http/scim/routes.js';
import { createLedger } from '../../src/storage/database/ledger.js';
import { type Cast, createCast, type Management, startManagement } from '../management/harness.js';
import fc from '../support/random.js';
import { personOf } from './support.js';

const NAMES = ['a', 'b', 'c'] as const;
const COMPANIES = ['acme-oidc', 'other-oidc'] as const;
type Company = (typeof COMPANIES)[number];

type Request =
  | {
      readonly do: 'create' | 'put';
      readonly company: Company;
      readonly name: string;
      readonly active: boolean | undefined;
    }
  | { readonly do: 'patch'; readonly company: Company; readonly name: string; readonly operation: object }
  | { readonly do: 'delete'; readonly company: Company; readonly name: string };
type ByOperator =
  | { readonly do: 'link' | 'unlink'; readonly company: Company; readonly name: string }
  | { readonly do: 'block' | 'unblock'; readonly company: Company | 'member'; readonly name: string };
type Step = Request | ByOperator;

const isByOperator = (item: Step): item is ByOperator => ['link', 'unlink', 'block', 'unblock'].includes(item.do);

const company = fc.constantFrom(...COMPANIES);
const name = fc.constantFrom(...NAMES);
const operation = fc.constantFrom(
  { op: 'replace', path: 'active', value: false },
  { op: 'replace', path: 'active', value: true },
  { op: 'replace', path: 'displayName', value: 'Renamed' },
  { op: 'replace', path: 'emails[primary eq true].value', value: 'dana@acme.example' },
  { op: 'add', path: 'title', value: 'Boss' },
  { op: 'remove', path: 'emails' },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('create', 'put'),
      company,
      name,
      active: fc.option(fc.boolean(), { nil: undefined }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('patch'), company, name, operation }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('delete', 'link', 'link', 'unlink'), company, name }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('block', 'unblock'),
      company: fc.constantFrom(...COMPANIES, 'member'),
      name,
    }),
  },
) as fc.Arbitrary<Step>;

let api: Management;
let cast: Cast;
let scim: FastifyInstance;
const connections = {} as Record<Company, { id: string; token: string }>;
/** The members with a password, by name. */
let members: Record<string, string>;

beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  const other = await api.post('/connections', {
    name: 'other-oidc',
    strategy: 'oidc',
    options: { issuer: 'https://other.example/' },
  });
  for (const [key, id] of [
    ['acme-oidc', cast.oidcConnection],
    ['other-oidc', other.body.id],
  ] as const) {
    await api.post(`/connections/${id}/scim-configuration`, {});
    connections[key] = { id, token: (await api.post(`/connections/${id}/scim-configuration/tokens`, {})).body.token };
  }
  const { directory, clock, entropy, origin } = api.deps;
  scim = Fastify({ routerOptions: { maxParamLength: 2_048 } });
  await scim.register(scimRoutes({ origin, directory, ledger: createLedger(api.database.pool), clock, entropy }), {
    prefix: '/scim/v2',
  });
});
afterAll(async () => {
  await scim.close();
  await api.close();
});

interface Picture {
  readonly users: readonly Record<string, unknown>[];
  readonly identities: readonly Record<string, unknown>[];
  readonly members: readonly unknown[];
  readonly passwords: readonly unknown[];
}

async function look(): Promise<Picture> {
  const rows = async (text: string) => (await api.database.pool.query(text)).rows;
  return {
    users: await rows('select * from users order by user_id'),
    identities: await rows('select * from identities order by user_id, id'),
    members: await rows('select * from members order by organization_id, user_id'),
    passwords: await rows('select * from password_credentials order by user_id'),
  };
}

/** The part of a picture that the directory of one connection may not change. */
function notTheirs({ users, identities, members: joined, passwords }: Picture, connectionId: string) {
  const own = new Set(
    identities.filter((row) => row.is_primary && row.connection_id === connectionId).map((row) => row.user_id),
  );
  return {
    users: users.filter((row) => !own.has(row.user_id) && !String(row.user_id).includes(String(connectionId))),
    identities: identities.filter((row) => row.connection_id !== connectionId && !own.has(row.user_id)),
    members: joined,
    passwords,
  };
}

async function callScim(
  key: Company,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
) {
  const { id, token } = connections[key];
  const answer = await scim.inject({
    method,
    url: `/scim/v2/connections/${id}${path}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    ...(body !== undefined && { payload: JSON.stringify(body) }),
  });
  expect(answer.statusCode, answer.body).toBeLessThan(500);
  return answer;
}

const scimIdOf = (key: Company, who: string) => `oidc|${key}|idp-${who}`;

function request(item: Request) {
  const at = `/Users/${encodeURIComponent(scimIdOf(item.company, item.name))}`;
  if (item.do === 'create')
    return callScim(item.company, 'POST', '/Users', personOf(item.name, { active: item.active }));
  if (item.do === 'put') return callScim(item.company, 'PUT', at, personOf(item.name, { active: item.active }));
  if (item.do === 'patch') return callScim(item.company, 'PATCH', at, { Operations: [item.operation] });
  return callScim(item.company, 'DELETE', at);
}

async function byOperator(item: ByOperator): Promise<void> {
  const member = encodeURIComponent(members[item.name] ?? '');
  if (item.do === 'link') {
    await api.post(`/users/${member}/identities`, { provider: 'oidc', user_id: `${item.company}|idp-${item.name}` });
  } else if (item.do === 'unlink') {
    await api.delete(`/users/${member}/identities/oidc/${encodeURIComponent(`${item.company}|idp-${item.name}`)}`);
  } else {
    const id = item.company === 'member' ? member : encodeURIComponent(scimIdOf(item.company, item.name));
    await api.patch(`/users/${id}`, { blocked: item.do === 'block' });
  }
}

async function play(item: Step): Promise<void> {
  if (isByOperator(item)) return byOperator(item);
  const before = await look();
  await request(item);
  const after = await look();
  const { id } = connections[item.company];
  const isNew = (row: Record<string, unknown>) => !before.users.some(({ user_id }) => user_id === row.user_id);
  // A person whom the request created is the connection's own.
  const kept = {
    ...after,
    users: after.users.filter((row) => !isNew(row) || !String(row.user_id).startsWith(`oidc|${item.company}|`)),
  };
  expect(notTheirs(kept, id)).toEqual(notTheirs(before, id));
  const blocked = before.users.filter((row) => row.blocked && !row.blocked_by_scim).map((row) => row.user_id);
  for (const row of after.users)
    if (blocked.includes(row.user_id)) expect(row.blocked, 'the operator blocked them').toBe(true);
  const here = after.identities.filter((row) => row.connection_id === id);
  expect(new Set(here.map((row) => row.subject)).size, 'a person is there once').toBe(here.length);
  const list = (await callScim(item.company, 'GET', '/Users')).json();
  expect(list.totalResults).toBe(here.length);
}

test('a directory writes its own people and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
      await api.database.pool.query('delete from users');
      members = {};
      for (const who of NAMES) {
        const made = await api.post('/users', {
          connection: 'Username-Password',
          email: `${who}@acme.example`,
          password: 'Correct-horse-9',
          email_verified: true,
        });
        members[who] = made.body.user_id;
        await api.post(`/organizations/${cast.organization}/members`, { members: [made.body.user_id] });
      }
      for (const item of steps) await play(item);
    }),
    { numRuns: 20 },
  );
}, 120_000);
