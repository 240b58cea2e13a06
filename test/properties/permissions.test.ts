/**
 * Random histories of roles and permissions, of organizations and of the tenant as a whole, through the Management API, between logins and refreshes:
 * after every step the tables are those of the model, and every token carries exactly what the model permits at that moment.
 */

import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { Visitor } from '../support/cast.js';
import { askForTokens } from '../support/login-stories.js';
import fc from '../support/random.js';
import { useStage } from '../support/stage.js';

const RUNS = Number(process.env.PERMISSION_RUNS ?? 12);
const API = 'https://things.example';
const SCOPES = ['read:things', 'write:things', 'delete:things'] as const;
type Scope = (typeof SCOPES)[number];
const stage = useStage({
  clientFields: { organization_usage: 'allow', organization_require_behavior: 'no_prompt' },
});

interface Held {
  readonly user: number;
  /** Undefined: of a login without an organization. */
  readonly organization: number | undefined;
  token: string;
}

/** The tenant as it should be. A role is a slot that holds another role after it was deleted. */
interface Model {
  readonly roles: { id: string; permits: Set<Scope> }[];
  readonly members: Set<string>;
  readonly memberRoles: Map<string, Set<number>>;
  readonly tenantRoles: Set<number>[];
  readonly permits: Set<Scope>[];
  scopes: Set<Scope>;
  held: Held[];
}

type Step =
  | { do: 'memberRole' | 'tenantRole'; give: boolean; user: number; organization: number; role: number }
  | { do: 'rolePermission'; give: boolean; role: number; scope: Scope }
  | { do: 'userPermission'; give: boolean; user: number; scope: Scope }
  | { do: 'replaceRole'; role: number }
  | { do: 'scopes'; scopes: readonly Scope[] }
  | { do: 'membership'; give: boolean; user: number; organization: number }
  | { do: 'login'; user: number; organization: number | undefined }
  | { do: 'refresh'; which: number };

const two = fc.nat(1);
const three = fc.nat(2);
const mostly = fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });
const scope = fc.constantFrom(...SCOPES);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('memberRole' as const, 'tenantRole' as const),
      give: mostly,
      user: two,
      organization: two,
      role: three,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('rolePermission' as const), give: mostly, role: three, scope }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('userPermission' as const), give: mostly, user: two, scope }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replaceRole' as const), role: three }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('scopes' as const), scopes: fc.subarray([...SCOPES], { minLength: 1 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('membership' as const), give: mostly, user: two, organization: two }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('login' as const),
      user: two,
      organization: fc.constantFrom(0, 1, undefined),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('refresh' as const), which: fc.nat(9) }) },
);

/** The tenant of the file: two people, two organizations; their ids. */
interface Place {
  readonly users: readonly string[];
  readonly organizations: readonly string[];
  readonly api: string;
}

const keyOf = (organization: number, user: number) => `${organization} ${user}`;
const toBody = (scopes: Iterable<Scope>) => [...scopes].map((value) => ({ value }));
const call = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);
const enc = encodeURIComponent;

async function createPlace(): Promise<Place> {
  const { cast } = stage;
  const beta = await cast.createPlace('beta', {});
  const server = await call('POST', '/resource-servers', {
    name: 'Things',
    identifier: API,
    scopes: toBody(SCOPES),
    enforce_policies: true,
    token_dialect: 'access_token_authz',
    allow_offline_access: true,
  });
  const users = [await cast.createUser('ann@plain.example'), await cast.createUser('ben@plain.example')];
  return { users, organizations: [cast.acme.id, beta.id], api: String(server.id) };
}

async function createRole(n: number): Promise<{ id: string; permits: Set<Scope> }> {
  const { rows } = await stage.instance.database.pool.query('select count(*)::int as made from roles');
  const role = await call('POST', '/roles', { name: `role-${n}-${rows[0].made}`, description: '' });
  return { id: String(role.id), permits: new Set() };
}

const ROLES_OF_OPERATORS = 'select unnest(array[owner_role_id, support_role_id, viewer_role_id]) from operators';

/** Both are members of both; nobody has a role. */
async function startHistory({ users, organizations, api }: Place): Promise<Model> {
  const { pool } = stage.instance.database;
  // The roles of operators are no part of it.
  await pool.query(`
    delete from roles where id not in (${ROLES_OF_OPERATORS});
    delete from user_permissions; delete from refresh_tokens; delete from members`);
  await call('PATCH', `/resource-servers/${api}`, { scopes: toBody(SCOPES) });
  for (const id of organizations) await call('POST', `/organizations/${id}/members`, { members: users });
  const roles: Model['roles'] = [];
  for (const n of [0, 1, 2]) roles.push(await createRole(n));
  const members = new Set([0, 1].flatMap((organization) => [0, 1].map((user) => keyOf(organization, user))));
  return {
    roles,
    members,
    memberRoles: new Map([...members].map((key) => [key, new Set()])),
    tenantRoles: [new Set(), new Set()],
    permits: [new Set(), new Set()],
    scopes: new Set(SCOPES),
    held: [],
  };
}

function change<T>(set: Set<T> | undefined, give: boolean, value: T): void {
  if (give) set?.add(value);
  else set?.delete(value);
}

/** The permissions of a person: in an organization by its roles alone, elsewhere by those of the tenant and by themselves. */
function permitted(model: Model, user: number, organization: number | undefined): readonly string[] {
  const roles = organization === undefined ? model.tenantRoles[user] : model.memberRoles.get(keyOf(organization, user));
  const own = organization === undefined ? [...(model.permits[user] ?? [])] : [];
  const ofRoles = [...(roles ?? [])].flatMap((role) => [...(model.roles[role]?.permits ?? [])]);
  return [...new Set([...own, ...ofRoles])].sort();
}

function expectToken(model: Model, { user, organization }: Omit<Held, 'token'>, accessToken: unknown, text: string) {
  const claims = decodeJwt(String(accessToken));
  const wanted = permitted(model, user, organization);
  expect(claims.permissions, text).toEqual(wanted);
  const scopes = String(claims.scope ?? '').split(' ');
  expect(scopes.filter((one) => one.endsWith(':things')).sort(), text).toEqual(wanted);
}

async function login(model: Model, place: Place, user: number, organization: number | undefined) {
  const email = ['ann@plain.example', 'ben@plain.example'][user] ?? '';
  const visitor = new Visitor(stage.cast);
  const answer = await visitor.withPassword(email, undefined, {
    organization: organization === undefined ? '' : (place.organizations[organization] ?? ''),
    audience: API,
    scope: `openid offline_access ${SCOPES.join(' ')}`,
  });
  if (organization !== undefined && !model.members.has(keyOf(organization, user))) {
    expect(answer.url.searchParams.get('code'), 'nobody but a member comes in').toBeNull();
    return;
  }
  const tokens = await visitor.redeem(answer);
  expectToken(model, { user, organization }, tokens.accessToken, 'login');
  model.held.push({ user, organization, token: tokens.refreshToken });
}

async function refresh(model: Model, which: number) {
  const held = model.held[which % Math.max(model.held.length, 1)];
  if (held === undefined) return;
  const answer = await askForTokens(stage.cast, { grant_type: 'refresh_token', refresh_token: held.token });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  expectToken(model, held, answer.body.access_token, 'refresh');
  held.token = String(answer.body.refresh_token ?? held.token);
}

/** A membership that ends takes its roles and its refresh tokens along. */
async function setMembership(model: Model, place: Place, { give, user, organization }: Step & { do: 'membership' }) {
  const path = `/organizations/${place.organizations[organization]}/members`;
  const key = keyOf(organization, user);
  await call(give ? 'POST' : 'DELETE', path, { members: [place.users[user]] });
  if (give) {
    if (!model.members.has(key)) model.memberRoles.set(key, new Set());
    model.members.add(key);
    return;
  }
  model.members.delete(key);
  model.memberRoles.delete(key);
  const ended = model.held.filter((held) => held.user === user && held.organization === organization);
  model.held = model.held.filter((held) => !ended.includes(held));
  for (const { token } of ended)
    expect((await askForTokens(stage.cast, { grant_type: 'refresh_token', refresh_token: token })).status).toBe(403);
}

async function setScopes(model: Model, place: Place, scopes: readonly Scope[]) {
  await call('PATCH', `/resource-servers/${place.api}`, { scopes: toBody(scopes) });
  model.scopes = new Set(scopes);
  // A scope that the API does not know any more is nobody's, also when it comes back.
  const lost = SCOPES.filter((one) => !model.scopes.has(one));
  for (const one of lost)
    for (const held of [...model.permits, ...model.roles.map(({ permits }) => permits)]) held.delete(one);
}

async function play(model: Model, place: Place, one: Step): Promise<void> {
  const method = 'give' in one && !one.give ? 'DELETE' : 'POST';
  switch (one.do) {
    case 'memberRole': {
      const key = keyOf(one.organization, one.user);
      if (!model.members.has(key)) return;
      const path = `/organizations/${place.organizations[one.organization]}/members/${enc(place.users[one.user] ?? '')}/roles`;
      await call(method, path, { roles: [model.roles[one.role]?.id] });
      return change(model.memberRoles.get(key), one.give, one.role);
    }
    case 'tenantRole':
      await call(method, `/users/${enc(place.users[one.user] ?? '')}/roles`, { roles: [model.roles[one.role]?.id] });
      return change(model.tenantRoles[one.user], one.give, one.role);
    case 'rolePermission':
    case 'userPermission': {
      if (!model.scopes.has(one.scope)) return;
      const of =
        one.do === 'rolePermission'
          ? `/roles/${model.roles[one.role]?.id}`
          : `/users/${enc(place.users[one.user] ?? '')}`;
      const permission = { resource_server_identifier: API, permission_name: one.scope };
      await call(method, `${of}/permissions`, { permissions: [permission] });
      const set = one.do === 'rolePermission' ? model.roles[one.role]?.permits : model.permits[one.user];
      return change(set, one.give, one.scope);
    }
    case 'replaceRole': {
      await call('DELETE', `/roles/${model.roles[one.role]?.id}`);
      for (const set of [...model.memberRoles.values(), ...model.tenantRoles]) set.delete(one.role);
      model.roles[one.role] = await createRole(one.role);
      return;
    }
    case 'scopes':
      return setScopes(model, place, one.scopes);
    case 'membership':
      return setMembership(model, place, one);
    case 'login':
      return login(model, place, one.user, one.organization);
    case 'refresh':
      return refresh(model, one.which);
  }
}

/** The four tables, in words of the model. */
async function expectTables(model: Model, place: Place): Promise<void> {
  const { pool } = stage.instance.database;
  const read = async (text: string) => (await pool.query(text)).rows.map((row) => Object.values(row).join(' ')).sort();
  const idOf = (role: number) => model.roles[role]?.id;
  expect(await read('select organization_id, user_id, role_id from member_roles')).toEqual(
    [...model.memberRoles]
      .flatMap(([key, roles]) => {
        const [organization, user] = key.split(' ').map(Number);
        return [...roles].map(
          (role) => `${place.organizations[organization ?? 0]} ${place.users[user ?? 0]} ${idOf(role)}`,
        );
      })
      .sort(),
  );
  expect(await read('select user_id, role_id from user_roles')).toEqual(
    model.tenantRoles.flatMap((roles, user) => [...roles].map((role) => `${place.users[user]} ${idOf(role)}`)).sort(),
  );
  expect(
    await read(`select role_id, permission from role_permissions where role_id not in (${ROLES_OF_OPERATORS})`),
  ).toEqual(model.roles.flatMap(({ id, permits }) => [...permits].map((one) => `${id} ${one}`)).sort());
  expect(await read('select user_id, permission from user_permissions')).toEqual(
    model.permits.flatMap((permits, user) => [...permits].map((one) => `${place.users[user]} ${one}`)).sort(),
  );
}

test('case=every token carries what the model permits at that moment', { timeout: 300_000 }, async () => {
  const place = await createPlace();
  let tokens = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
      const model = await startHistory(place);
      for (const one of steps) {
        await play(model, place, one);
        await expectTables(model, place);
        if (one.do === 'refresh' || one.do === 'login') tokens += permittedSomewhere(model);
      }
    }),
    { numRuns: RUNS, endOnFailure: false },
  );
  // Histories in which nobody is ever permitted anything would find nothing.
  expect(tokens).toBeGreaterThan(10);
});

const permittedSomewhere = (model: Model) =>
  Number(model.held.some((held) => permitted(model, held.user, held.organization).length > 0));
