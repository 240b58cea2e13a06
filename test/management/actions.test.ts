/** `/actions/actions`: drafts, their list, and what is said about code and dependencies. Deployments: actions-deployed.test.ts. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Management, startManagement } from './harness.js';

const CODE = 'exports.onExecutePostLogin = async (event, api) => {};';
const TRIGGERS = [{ id: 'post-login', version: 'v3' }];

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());
afterEach(async () => {
  await api.database.pool.query('delete from actions');
});

type Body = Readonly<Record<string, unknown>>;

async function create(name: string, more: Body = {}) {
  const answer = await api.post('/actions/actions', { name, supported_triggers: TRIGGERS, code: CODE, ...more });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

describe('a draft', () => {
  test('is created, shown, changed and deleted', async () => {
    const created = await create('first', { dependencies: [{ name: 'auth0', version: '4.4.0' }], runtime: 'node18' });
    expect(created).toMatchObject({
      name: 'first',
      code: CODE,
      dependencies: [{ name: 'auth0', version: '4.4.0' }],
      runtime: 'node18',
      supported_triggers: TRIGGERS,
      status: 'built',
      secrets: [],
      all_changes_deployed: false,
      warnings: [],
    });
    expect(created.deployed_version).toBeUndefined();
    expect((await api.get(`/actions/actions/${created.id}`)).body).toMatchObject({ id: created.id, name: 'first' });
    const changed = await api.patch(`/actions/actions/${created.id}`, { name: 'renamed', code: `// two\n${CODE}` });
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'renamed', code: `// two\n${CODE}`, runtime: 'node18' },
    });
    expect((await api.delete(`/actions/actions/${created.id}`)).status).toBe(204);
    for (const answer of [
      await api.get(`/actions/actions/${created.id}`),
      await api.patch(`/actions/actions/${created.id}`, { name: 'x' }),
      await api.delete(`/actions/actions/${created.id}`),
      await api.post(`/actions/actions/${created.id}/deploy`),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { message: 'The action does not exist.' } });
    }
  });

  test('without code, version and runtime does nothing, in the current ones', async () => {
    const { body } = await api.post('/actions/actions', {
      name: 'empty',
      supported_triggers: [{ id: 'organization-admission' }],
      deploy: true,
    });
    expect(body).toMatchObject({
      runtime: 'node22',
      supported_triggers: [{ id: 'organization-admission', version: 'v1' }],
      code: 'exports.onExecuteOrganizationAdmission = async (event, api) => {};\n',
      all_changes_deployed: true,
    });
  });

  test('a name is taken once', async () => {
    const first = await create('one');
    const second = await create('two');
    const again = await api.post('/actions/actions', { name: 'one', supported_triggers: TRIGGERS });
    expect(again).toMatchObject({ status: 409, body: { message: 'An action with this name already exists.' } });
    expect(await api.patch(`/actions/actions/${second.id}`, { name: 'one' })).toMatchObject({ status: 409 });
    expect((await api.patch(`/actions/actions/${first.id}`, { name: 'one' })).status).toBe(200);
  });
});

describe('the list', () => {
  beforeEach(async () => {
    await create('login-deployed', { deploy: true });
    await create('login-draft');
    await create('machine', {
      supported_triggers: [{ id: 'credentials-exchange' }],
      code: 'exports.onExecuteCredentialsExchange = () => {};',
    });
  });
  const names = async (query: string) => {
    const { body } = await api.get(`/actions/actions${query}`);
    return { ...body, actions: body.actions.map((action: { name: string }) => action.name) };
  };

  test('has one form, with totals and pages', async () => {
    expect(await names('')).toEqual({
      actions: ['login-deployed', 'login-draft', 'machine'],
      total: 3,
      per_page: 50,
    });
    expect(await names('?page=1&per_page=2')).toEqual({ actions: ['machine'], total: 3, page: 1, per_page: 2 });
    expect(await names('?page=9&per_page=2')).toEqual({ actions: [], page: 9, per_page: 2 });
  });

  test('is filtered', async () => {
    expect((await names('?triggerId=post-login')).actions).toEqual(['login-deployed', 'login-draft']);
    expect((await names('?actionName=machine')).actions).toEqual(['machine']);
    expect((await names('?deployed=true')).actions).toEqual(['login-deployed']);
    expect((await names('?deployed=false&triggerId=post-login')).actions).toEqual(['login-draft']);
    expect((await names('?installed=true')).actions).toEqual([]);
    expect((await names('?installed=false')).actions).toHaveLength(3);
    expect(await api.get('/actions/actions?triggerId=nonsense')).toMatchObject({ status: 400 });
  });
});

describe('code is checked', () => {
  const post = (more: Body) => api.post('/actions/actions', { name: 'x', supported_triggers: TRIGGERS, ...more });

  test.each([
    ['does not parse', 'exports.onExecutePostLogin = async (event, api) => {\n  let = ;\n};', /line 2, column \d+/],
    ['exports nothing', 'const a = 1;', /calls exports\.onExecutePostLogin, and the code exports nothing \(line 1, /],
    [
      'exports the handler of another trigger',
      '\nexports.onExecuteCredentialsExchange = async () => {};',
      /and the code exports onExecuteCredentialsExchange \(line 2, /,
    ],
  ])('%s', async (_what, code, message) => {
    const refused = { status: 400, body: { message: expect.stringMatching(message) } };
    const failed = { status: 'failed', errors: [{ id: 'code', line: expect.any(Number), column: expect.any(Number) }] };
    const made = await post({ code });
    expect(made).toMatchObject({ status: 201, body: { ...failed, code, all_changes_deployed: false } });
    const path = `/actions/actions/${made.body.id}`;
    expect((await api.get(path)).body).toMatchObject({ status: 'failed', code });
    expect((await api.get(path)).body).not.toHaveProperty('built_at');
    expect(await api.post(`${path}/deploy`)).toMatchObject(refused);
    expect(await api.patch(path, { deploy: true })).toMatchObject(refused);
    expect(await api.post(`${path}/test`, { payload: {} })).toMatchObject(refused);
    expect(api.ran, 'no code of it ran').toEqual([]);
    const mended = await api.patch(path, { code: CODE, deploy: true });
    expect(mended.body).toMatchObject({ status: 'built', all_changes_deployed: true });
    expect(mended.body).not.toHaveProperty('errors');
  });

  test('what is deployed stays when its draft is broken, and a broken one is not made with deploy', async () => {
    const running = await create('running', { deploy: true });
    const code = 'exports.onExecutePostLogin = async (';
    const { body } = await api.patch(`/actions/actions/${running.id}`, { code });
    expect(body).toMatchObject({ status: 'failed', all_changes_deployed: false, deployed_version: { code: CODE } });
    expect(await post({ code, deploy: true })).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/line 1/) },
    });
    expect((await api.get('/actions/actions?actionName=x')).body.actions, 'all or nothing').toEqual([]);
  });

  test('what the linter says is in the answers of create, update and deploy', async () => {
    const code = `const { ManagementClient } = require('auth0');
exports.onExecutePostLogin = async (event, api) => {
  const management = new ManagementClient({ domain: 'd', clientId: 'c', clientSecret: event.secrets.s });
  await management.organizations.removeMember({ id: event.organization.id }, { members: [event.user.user_id] });
};`;
    const more = { code, dependencies: [{ name: 'auth0', version: '4.4.0' }], secrets: [{ name: 's', value: 'v' }] };
    const created = await create('linted', more);
    const updated = (await api.patch(`/actions/actions/${created.id}`, { code })).body;
    const deployed = (await api.post(`/actions/actions/${created.id}/deploy`)).body;
    for (const { warnings } of [created, updated, deployed]) {
      expect(warnings).toContainEqual({
        id: expect.any(String),
        severity: 'error',
        line: 4,
        column: expect.any(Number),
        message: expect.stringContaining('removeMember'),
        fix: expect.stringContaining('deleteMembers'),
        documentation: expect.stringContaining('docs/'),
      });
    }
  });

  test('a dependency that is not here is told at once and refused at deploy', async () => {
    const dependencies = [{ name: 'left-pad', version: '1.3.0' }];
    const created = await create('padded', { dependencies });
    expect(created).toMatchObject({
      status: 'failed',
      errors: [{ id: 'dependency', msg: 'The package left-pad is not available: auth0, lodash are' }],
    });
    expect(await api.post(`/actions/actions/${created.id}/deploy`)).toMatchObject({
      status: 400,
      body: { message: 'The package left-pad is not available: auth0, lodash are.' },
    });
    const both = { name: 'both', supported_triggers: TRIGGERS, dependencies, deploy: true };
    expect((await api.post('/actions/actions', both)).status).toBe(400);
    expect((await api.get('/actions/actions?actionName=both')).body.actions, 'all or nothing').toEqual([]);
    const mended = await api.patch(`/actions/actions/${created.id}`, { dependencies: [], deploy: true });
    expect(mended.body).toMatchObject({ status: 'built', all_changes_deployed: true });
  });
});

describe('limits and what is not here', () => {
  const post = (more: Body) => api.post('/actions/actions', { name: 'x', supported_triggers: TRIGGERS, ...more });
  const dependencies = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ name: `auth0-${n}`, version: '1' }));
  const secrets = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `s${n}`, value: 'v' }));

  test.each<[string, Body, number, RegExp]>([
    ['a name of nothing', { name: ' ' }, 400, /name of an action has 1 to 255/],
    ['a name too long', { name: 'x'.repeat(256) }, 400, /name of an action has 1 to 255/],
    ['code over 100 kB', { code: `${CODE}//${'x'.repeat(102_400)}` }, 400, /at most 102400 bytes/],
    ['11 dependencies', { dependencies: dependencies(11) }, 400, /at most 10 dependencies/],
    ['one dependency twice', { dependencies: [{ name: 'auth0' }, { name: 'auth0' }] }, 400, /one package twice/],
    ['a nameless dependency', { dependencies: [{ version: '1' }] }, 400, /has a name and a version/],
    ['an own registry', { dependencies: [{ name: 'auth0', registry_url: 'https://r.example' }] }, 400, /registry_url/],
    ['31 secrets', { secrets: secrets(31) }, 400, /at most 30 secrets/],
    ['a secret twice', { secrets: [...secrets(1), ...secrets(1)] }, 400, /one secret twice/],
    ['a long name of a secret', { secrets: [{ name: 'x'.repeat(129), value: 'v' }] }, 400, /1 to 128 characters/],
    ['a long secret', { secrets: [{ name: 'x', value: 'v'.repeat(4_097) }] }, 400, /more than 4096 characters/],
    ['a secret without a value', { secrets: [{ name: 'x' }] }, 400, /is new and has no value/],
    ['another runtime', { runtime: 'deno' }, 400, /use node22/],
    ['two triggers', { supported_triggers: [...TRIGGERS, ...TRIGGERS] }, 400, /supports one trigger/],
    ['a trigger of nobody', { supported_triggers: [{ id: 'nonsense' }] }, 400, /No enum match for: nonsense/],
    [
      'a trigger of Auth0 alone',
      { supported_triggers: [{ id: 'event-stream' }] },
      400,
      /does not exist on this server/,
    ],
    ['a version of nobody', { supported_triggers: [{ id: 'post-login', version: 'v1' }] }, 400, /in version v3 and v2/],
    ['a field of nobody', { nonsense: 1 }, 400, /Additional properties not allowed: nonsense/],
  ])('%s', async (_what, more, status, message) => {
    expect(await post(more)).toMatchObject({ status, body: { message: expect.stringMatching(message) } });
  });

  test('what is just within them', async () => {
    const code = `${CODE}//`;
    await create('x'.repeat(255), {
      code: code + 'x'.repeat(102_400 - code.length),
      dependencies: dependencies(10),
      secrets: [...secrets(29), { name: 'x'.repeat(128), value: 'v'.repeat(4_096) }],
      supported_triggers: [{ id: 'post-login', version: 'v2' }],
      runtime: 'node18-actions',
    });
  });

  test('100 actions', async () => {
    await api.database.pool.query(`insert into actions
      (id, name, trigger, trigger_version, code, runtime, created_at, updated_at)
      select 'a' || n, 'n' || n, 'post-login', 'v3', '', 'node22', now(), now() from generate_series(1, 99) n`);
    await create('the hundredth');
    const answer = await post({});
    expect(answer).toMatchObject({ status: 403, body: { errorCode: 'too_many_entities' } });
    expect(answer.body.message).toContain('100 actions');
  });
});

describe('scopes', () => {
  test.each([
    ['GET', '/actions/actions', 'read:actions'],
    ['POST', '/actions/actions', 'create:actions'],
    ['PATCH', '/actions/actions/x', 'update:actions'],
    ['DELETE', '/actions/actions/x', 'delete:actions'],
    ['POST', '/actions/actions/x/deploy', 'create:actions'],
    ['POST', '/actions/actions/x/test', 'create:actions'],
    ['GET', '/actions/actions/x/versions', 'read:actions'],
    ['POST', '/actions/actions/x/versions/y/deploy', 'create:actions'],
    ['GET', '/actions/executions/x', 'read:actions'],
    ['GET', '/actions/triggers', 'read:actions'],
    ['GET', '/actions/triggers/post-login/bindings', 'read:actions'],
    ['PATCH', '/actions/triggers/post-login/bindings', 'update:actions'],
  ])('%s %s needs %s', async (method, path, scope) => {
    const others = ['read.actions', 'create.actions', 'update.actions', 'delete.actions']
      .filter((other) => other !== scope.replace(':', '.'))
      .join('+');
    expect(await api.call(method, path, undefined, others)).toMatchObject({
      status: 403,
      body: { message: `Insufficient scope, expected any of: ${scope}` },
    });
    expect((await api.call(method, path, undefined, scope.replace(':', '.'))).status).not.toBe(403);
  });
});
