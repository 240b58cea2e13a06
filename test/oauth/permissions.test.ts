/** Role-based access control in access tokens: what a person is permitted decides, as it is when the token is made. */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MAX_ACCESS_TOKEN_CHARACTERS } from '../../src/ports/token-issuer.js';
import { API, CALLBACK, createFixture, DANA, type Fixture, SECRET, VERIFIER } from './fixture.js';

const ASKED = 'openid offline_access read:things write:things delete:things';
let at: Fixture;

beforeAll(async () => {
  at = await createFixture();
  const scopes = JSON.stringify(['read:things', 'write:things', 'delete:things'].map((value) => ({ value })));
  await at.run('update resource_servers set scopes = $1 where id = $2', [scopes, 'rs_1']);
  await at.run(`
    insert into roles (id, name, created_at) values ('rol_reader', 'reader', now()), ('rol_writer', 'writer', now()),
      ('rol_chief', 'chief', now());
    insert into role_permissions (role_id, resource_server_id, permission)
    values ('rol_reader', 'rs_1', 'read:things'), ('rol_writer', 'rs_1', 'write:things'), ('rol_writer', 'rs_1', 'read:things'),
      ('rol_chief', 'rs_1', 'delete:things'), ('rol_reader', 'rs_2', 'write:things');
    insert into members (organization_id, user_id, via, created_at) values ('org_beta', '${DANA}', 'invited', now());
    insert into organization_connections (organization_id, connection_id, revision, created_at) values ('org_beta', 'con_acme', 'r', now());
    insert into scim_configurations (connection_id, user_id_attribute, created_at, updated_at) values ('con_acme', 'externalId', now(), now());
    insert into scim_groups (id, connection_id, display_name, created_at, updated_at) values ('grp_1', 'con_acme', 'Chiefs', now(), now());
    insert into scim_group_roles (organization_id, connection_id, group_by, group_name, role_id)
    values ('org_acme', 'con_acme', 'display_name', 'Chiefs', 'rol_chief')`);
});
afterAll(() => at.stop());
beforeEach(async () => {
  at.actions.answer = () => ({});
  await at.run(
    'delete from user_roles; delete from user_permissions; delete from member_roles; delete from scim_group_members',
  );
  await rbac('access_token_authz');
  await policies('allow_all', 'require_client_grant');
  await at.run(
    "delete from client_grants where client_id in ('web', 'spa') or (client_id = 'machine' and subject_type = 'user')",
  );
  await at.run("update tenant set actions_bound = '{}'");
});

const rbac = (dialect: string, enforced = true) =>
  at.run("update resource_servers set enforce_policies = $1, token_dialect = $2 where id = 'rs_1'", [
    enforced,
    dialect,
  ]);
const policies = (user: string, client: string) =>
  at.run("update resource_servers set user_policy = $1, client_policy = $2 where id = 'rs_1'", [user, client]);
const grant = (client: string, subject: string, scopes: string[], all = false) =>
  at.run(
    `insert into client_grants (client_id, audience, subject_type, id, scopes, allow_all_scopes, created_at)
      values ($1, $2, $3, 'cgr_' || $1 || $3, $4, $5, now())`,
    [client, API, subject, scopes, all],
  );
const assign = (role: string, organization = 'org_acme') =>
  at.run('insert into member_roles (organization_id, user_id, role_id) values ($1, $2, $3)', [
    organization,
    DANA,
    role,
  ]);
const assignInTenant = (role: string) =>
  at.run('insert into user_roles (user_id, role_id, created_at) values ($1, $2, now())', [DANA, role]);

/** Scopes of the API and the claim of an access token. */
function contentOf(answer: Record<string, string>) {
  const claims = decodeJwt(answer.access_token ?? '');
  const scopes = String(claims.scope ?? '').split(' ');
  expect(answer.scope, 'the answer says what is in the token').toBe(claims.scope);
  return { scopes: scopes.filter((scope) => scope.endsWith(':things')), permissions: claims.permissions };
}
const signIn = async (options = {}) => at.signIn({ audience: API, scope: ASKED, ...options });
const WITHOUT = { clientId: 'spa', organizationId: null, connectionId: 'con_pw' };
const refresh = async (token: string | undefined, change: Record<string, string> = {}) => {
  const form = { grant_type: 'refresh_token', client_id: 'web', client_secret: SECRET, refresh_token: token ?? '' };
  const response = await at.post('/oauth/token', { ...form, ...change });
  expect(response.statusCode, response.body).toBe(200);
  return response.json();
};

describe('the four dialects', () => {
  test.each([
    ['access_token', true, ['read:things'], undefined, 'JWT'],
    ['access_token_authz', true, ['read:things'], ['read:things', 'write:things'], 'JWT'],
    ['rfc9068_profile', true, ['read:things'], undefined, 'at+jwt'],
    ['rfc9068_profile_authz', true, ['read:things'], ['read:things', 'write:things'], 'at+jwt'],
    ['access_token_authz', false, ['read:things', 'delete:things'], undefined, 'JWT'],
    ['rfc9068_profile', false, ['read:things', 'delete:things'], undefined, 'at+jwt'],
  ])('%s, enforced: %s', async (dialect, enforced, scopes, permissions, typ) => {
    await assign('rol_writer');
    await rbac(dialect, enforced);
    const answer = await signIn({ scope: 'openid read:things delete:things' });
    expect(contentOf(answer)).toEqual({ scopes, permissions });
    expect(decodeProtectedHeader(answer.access_token ?? '').typ).toBe(typ);
    const { azp, client_id: clientId } = decodeJwt(answer.access_token ?? '');
    expect([azp, clientId]).toEqual(typ === 'JWT' ? ['web', undefined] : [undefined, 'web']);
    const headers = { authorization: `Bearer ${answer.access_token}` };
    expect((await at.app.inject({ url: '/userinfo', headers })).json()).toMatchObject({ sub: DANA });
  });
});

describe('who is permitted what', () => {
  test('case=nobody is permitted anything by asking', async () => {
    expect(contentOf(await signIn())).toEqual({ scopes: [], permissions: [] });
  });

  test('case=roles add up, and those of another organization do not count', async () => {
    await assign('rol_reader');
    await assign('rol_writer', 'org_beta');
    expect(contentOf(await signIn()).permissions).toEqual(['read:things']);
    await assign('rol_chief');
    expect(contentOf(await signIn()).permissions).toEqual(['delete:things', 'read:things']);
    expect(contentOf(await signIn({ organizationId: 'org_beta' })).scopes).toEqual(['read:things', 'write:things']);
  });

  test('attack: what a person has in the whole tenant does not reach a login into an organization', async () => {
    await assignInTenant('rol_chief');
    await at.run(
      "insert into user_permissions (user_id, resource_server_id, permission) values ($1, 'rs_1', 'write:things')",
      [DANA],
    );
    await assign('rol_reader');
    expect(contentOf(await signIn())).toEqual({ scopes: ['read:things'], permissions: ['read:things'] });
    expect(contentOf(await signIn(WITHOUT))).toEqual({
      scopes: ['write:things', 'delete:things'],
      permissions: ['delete:things', 'write:things'],
    });
  });

  test('case=a group of the directory permits while the person is in it', async () => {
    await at.run(
      "insert into scim_group_members (user_id, identity_id, group_id, created_at) values ($1, 'i1', 'grp_1', now())",
      [DANA],
    );
    const first = await signIn();
    expect(contentOf(first).permissions).toEqual(['delete:things']);
    expect(contentOf(await signIn({ organizationId: 'org_beta' })).permissions).toEqual([]);
    await at.run('delete from scim_group_members');
    expect(contentOf(await refresh(first.refresh_token))).toEqual({ scopes: [], permissions: [] });
  });

  test('case=a permission whose scope the API does not have is in no token', async () => {
    await at.run(
      "insert into role_permissions (role_id, resource_server_id, permission) values ('rol_reader', 'rs_1', 'old:things')",
    );
    await assign('rol_reader');
    const answer = await signIn({ scope: `${ASKED} old:things` });
    expect(contentOf(answer)).toEqual({ scopes: ['read:things'], permissions: ['read:things'] });
    await at.run("delete from role_permissions where permission = 'old:things'");
  });
});

describe('at the refresh', () => {
  test('case=read again: what was given is there, what was taken is gone', async () => {
    await assign('rol_reader');
    const first = await signIn();
    expect(contentOf(first).scopes).toEqual(['read:things']);
    await assign('rol_writer');
    const second = await refresh(first.refresh_token);
    expect(contentOf(second)).toEqual({
      scopes: ['read:things', 'write:things'],
      permissions: ['read:things', 'write:things'],
    });
    await at.run('delete from member_roles');
    const third = await refresh(second.refresh_token);
    expect(contentOf(third)).toEqual({ scopes: [], permissions: [] });
    expect(String(third.scope)).toBe('openid offline_access');
    await rbac('access_token', false);
    expect(contentOf(await refresh(third.refresh_token)).scopes).toHaveLength(3);
  });

  test('attack: a role that is taken while an Action keeps the exchange waiting', async () => {
    await assign('rol_writer');
    await at.run("update tenant set actions_bound = '{post-login}', actions_revision = 'r1'");
    const first = await signIn();
    at.actions.answer = async () => {
      await at.run('delete from member_roles');
      return {};
    };
    expect(contentOf(await refresh(first.refresh_token))).toEqual({ scopes: [], permissions: [] });
  });

  test('case=Actions are told the roles that count, and have the last word about scopes', async () => {
    await assign('rol_reader');
    await assignInTenant('rol_chief');
    await at.run("update tenant set actions_bound = '{post-login}', actions_revision = 'r1'");
    const inside = await signIn();
    const outside = await signIn(WITHOUT);
    at.actions.runs.length = 0;
    at.actions.answer = () => ({ effects: [{ kind: 'scope', change: 'add', scope: 'write:things' }] });
    expect(contentOf(await refresh(inside.refresh_token))).toEqual({
      scopes: ['read:things', 'write:things'],
      permissions: ['read:things'],
    });
    await refresh(outside.refresh_token, { client_id: 'spa', client_secret: '' });
    expect(at.actions.runs.map((run) => run.event.authorization)).toEqual([
      { roles: ['reader'] },
      { roles: ['chief'] },
    ]);
  });
});

describe('machines', () => {
  const ask = async (change: Record<string, string> = {}) => {
    const form = { grant_type: 'client_credentials', client_id: 'machine', client_secret: SECRET, audience: API };
    return decodeJwt((await at.post('/oauth/token', { ...form, ...change })).json().access_token);
  };

  test('case=scopes of the grant, told as permissions too where the API wants it', async () => {
    expect(await ask()).toMatchObject({
      scope: 'read:things write:things',
      permissions: ['read:things', 'write:things'],
    });
    expect((await ask({ scope: 'read:things' })).permissions).toEqual(['read:things']);
    await rbac('rfc9068_profile');
    const claims = await ask();
    expect(claims).toMatchObject({ scope: 'read:things write:things', client_id: 'machine', sub: 'machine@clients' });
    expect([claims.permissions, claims.gty, claims.azp]).toEqual([undefined, undefined, undefined]);
    await rbac('access_token_authz', false);
    expect((await ask()).permissions).toBeUndefined();
  });
});

describe('which applications may have tokens', () => {
  const redeem = async () => {
    at.ledger.length = 0;
    const code = await at.seedCode({ audience: API, scope: ASKED });
    const form = { grant_type: 'authorization_code', client_id: 'web', client_secret: SECRET, code };
    return at.post('/oauth/token', { ...form, redirect_uri: CALLBACK, code_verifier: VERIFIER });
  };
  const expectRefused = async (check: string) => {
    const response = await redeem();
    expect([response.statusCode, response.json().error]).toEqual([403, 'access_denied']);
    expect(at.ledger.map((line) => line.details.check)).toEqual([check]);
  };

  test('case=people: with a client grant for them, which is the ceiling; one of the machine does not count', async () => {
    await rbac('access_token', false);
    const open = await signIn();
    await policies('require_client_grant', 'require_client_grant');
    await expectRefused('grant.none');
    await grant('web', 'client', ['read:things', 'write:things']);
    await expectRefused('grant.none');
    const form = { grant_type: 'refresh_token', client_id: 'web', client_secret: SECRET };
    const refused = await at.post('/oauth/token', { ...form, refresh_token: open.refresh_token ?? '' });
    expect(refused.statusCode).toBe(403);
    await grant('web', 'user', ['read:things']);
    const first = await signIn();
    expect(contentOf(first).scopes).toEqual(['read:things']);
    await at.run("update client_grants set allow_all_scopes = true where client_id = 'web' and subject_type = 'user'");
    expect(contentOf(await refresh(first.refresh_token)).scopes).toHaveLength(3);
  });

  test('case=people: granted and permitted, in the claim too', async () => {
    await policies('require_client_grant', 'require_client_grant');
    await assign('rol_writer');
    await grant('web', 'user', ['write:things', 'delete:things']);
    expect(contentOf(await signIn())).toEqual({ scopes: ['write:things'], permissions: ['write:things'] });
  });

  test('attack: a client grant that is taken while an Action keeps the exchange waiting', async () => {
    await rbac('access_token', false);
    await policies('require_client_grant', 'require_client_grant');
    await grant('web', 'user', ['read:things', 'write:things']);
    await at.run("update tenant set actions_bound = '{post-login}', actions_revision = 'r1'");
    const first = await signIn();
    at.actions.answer = async () => {
      await at.run("update client_grants set scopes = '{read:things}' where client_id = 'web'");
      return {};
    };
    expect(contentOf(await refresh(first.refresh_token)).scopes).toEqual(['read:things']);
  });

  test('case=nobody: deny_all, whatever was granted', async () => {
    await grant('web', 'user', ['read:things'], true);
    await policies('deny_all', 'deny_all');
    await expectRefused('grant.api_closed');
    at.ledger.length = 0;
    const form = { grant_type: 'client_credentials', client_id: 'machine', client_secret: SECRET, audience: API };
    const machine = await at.post('/oauth/token', form);
    expect([machine.statusCode, machine.json().error]).toEqual([403, 'access_denied']);
    expect(at.ledger.map((line) => line.details.check)).toEqual(['grant.api_closed']);
  });

  test('case=machines: all scopes of the API, and a grant for people is none of theirs', async () => {
    const form = { grant_type: 'client_credentials', client_id: 'machine', client_secret: SECRET, audience: API };
    await at.run("update client_grants set allow_all_scopes = true where id = 'cgr_1'");
    expect((await at.post('/oauth/token', form)).json().scope).toBe('read:things write:things delete:things');
    await at.run("update client_grants set allow_all_scopes = false where id = 'cgr_1'");
    await grant('machine', 'user', ['delete:things']);
    expect((await at.post('/oauth/token', form)).json().scope).toBe('read:things write:things');
    await at.run("update client_grants set client_id = 'web2' where id = 'cgr_1'");
    expect((await at.post('/oauth/token', form)).json().error).toBe('access_denied');
    await at.run("update client_grants set client_id = 'machine' where id = 'cgr_1'");
  });
});

describe('a token that this server would refuse is not issued', () => {
  const many = (count: number) => Array.from({ length: count }, (_, number) => `do:${String(number).padStart(4, '0')}`);
  const register = (scopes: readonly string[]) =>
    at.run('update resource_servers set scopes = $1 where id = $2', [
      JSON.stringify(scopes.map((value) => ({ value }))),
      'rs_1',
    ]);
  afterEach(async () => {
    await register(['read:things', 'write:things', 'delete:things']);
    await at.run("delete from role_permissions where permission like 'do:%'");
  });
  const permit = async (scopes: readonly string[]) => {
    await register(scopes);
    await at.run(
      "insert into role_permissions (role_id, resource_server_id, permission) select 'rol_chief', 'rs_1', x from unnest($1::text[]) x",
      [scopes],
    );
    await assign('rol_chief');
  };
  const redeem = (code: string) =>
    at.post('/oauth/token', {
      ...{ grant_type: 'authorization_code', client_id: 'web', client_secret: SECRET, code },
      ...{ code_verifier: VERIFIER, redirect_uri: CALLBACK },
    });

  test('case=the longest one is accepted, to the character', async () => {
    const most = MAX_ACCESS_TOKEN_CHARACTERS;
    const request = {
      ...{ clientId: 'web', userId: DANA, audience: API, organization: undefined, lifetimeSeconds: 60 },
      ...{ profile: 'auth0' as const, permissions: undefined },
    };
    const measure = async (scope: string) => (await at.issuer.prepareAccessToken({ ...request, scope })).characters;
    let scope = 'x';
    while ((await measure(`${scope}x`)) <= most) scope += 'x'.repeat(Math.max(1, (most - (await measure(scope))) >> 1));
    const token = await at.issuer.issueAccessToken({ ...request, scope });
    expect([token.length, await measure(scope)]).toEqual([await measure(scope), token.length]);
    expect(token.length).toBeGreaterThan(most - 4);
    expect(await at.issuer.verifyAccessToken(token, API)).toMatchObject({ subject: DANA });
    const longer = await at.issuer.issueAccessToken({ ...request, scope: `${scope}xxxx` });
    expect(await at.issuer.verifyAccessToken(longer, API)).toBeUndefined();
    // A name in other letters has several bytes each.
    const wide = { ...request, scope: 'y', customClaims: { n: 'Ж'.repeat(99) } };
    const { characters, sign } = await at.issuer.prepareAccessToken(wide);
    expect((await sign()).length).toBe(characters);
  });

  test('attack: an API with the claim permissions shuts out people who may do everything; they hear why, and keep their code', async () => {
    const scopes = many(1_200);
    await permit(scopes);
    const code = await at.seedCode({ audience: API, scope: 'openid offline_access' });
    const refused = await redeem(code);
    expect([refused.statusCode, refused.json().error]).toEqual([400, 'invalid_scope']);
    expect(refused.json().error_description).toMatch(
      /^The access token would have \d+ characters, and none above 16384/,
    );
    await rbac('access_token');
    const { access_token: token, refresh_token: next } = (await redeem(code)).json();
    expect(await at.issuer.verifyAccessToken(token, API)).toBeDefined();
    await rbac('access_token_authz');
    const refresh = (presented: string) =>
      at.post('/oauth/token', {
        ...{ grant_type: 'refresh_token', client_id: 'web', client_secret: SECRET, refresh_token: presented },
      });
    expect((await refresh(next)).json().error).toBe('invalid_scope');
    await rbac('access_token');
    expect((await refresh(next)).statusCode, 'nothing was rotated').toBe(200);
  });

  test('case=claims of Actions count, at a refresh as for a machine', async () => {
    const claim = {
      kind: 'claim',
      token: 'access',
      name: 'https://acme.example/groups',
      value: 'g'.repeat(16_000),
    } as const;
    const { refresh_token: next } = await at.signIn({ audience: API });
    await at.run("update tenant set actions_bound = '{post-login,credentials-exchange}', actions_revision = 'r'");
    at.actions.answer = () => ({ effects: [claim] });
    const form = { client_id: 'web', client_secret: SECRET, refresh_token: next ?? '' };
    const refused = await at.post('/oauth/token', { grant_type: 'refresh_token', ...form });
    expect([refused.statusCode, refused.json().error]).toEqual([400, 'invalid_scope']);
    const machine = { grant_type: 'client_credentials', client_id: 'machine', client_secret: SECRET, audience: API };
    expect((await at.post('/oauth/token', machine)).json().error).toBe('invalid_scope');
    at.actions.answer = () => ({ effects: [{ ...claim, token: 'id' }] });
    expect((await at.post('/oauth/token', { grant_type: 'refresh_token', ...form })).statusCode).toBe(200);
  });
});
