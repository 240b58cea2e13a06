/** `/actions/*`: drafts, deployments, bindings, secrets, and what the login is given to run. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TriggerId } from '../../src/domain/action.js';
import { createActionPrograms } from '../../src/storage/action-programs.js';
import { type Management, startManagement } from './harness.js';

const CODE = 'exports.onExecutePostLogin = async (event, api) => {};';
const TRIGGERS = [{ id: 'post-login', version: 'v3' }];

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());
afterEach(async () => {
  await api.patch('/actions/triggers/post-login/bindings', { bindings: [] });
  await api.database.pool.query('delete from actions');
});

type Body = Readonly<Record<string, unknown>>;

async function create(name: string, more: Body = {}) {
  const answer = await api.post('/actions/actions', { name, supported_triggers: TRIGGERS, code: CODE, ...more });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

const bind = (...names: readonly string[]) =>
  api.patch('/actions/triggers/post-login/bindings', {
    bindings: names.map((value) => ({ ref: { type: 'action_name', value }, display_name: value })),
  });

async function getTenant() {
  const { rows } = await api.database.pool.query('select actions_revision, actions_bound from tenant');
  return rows[0] as { actions_revision: string; actions_bound: string[] };
}

async function readProgram(trigger: TriggerId = 'post-login') {
  const { actions_revision } = await getTenant();
  return createActionPrograms(api.database.pool, api.rows).findProgram(trigger, actions_revision);
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
      page: 0,
      per_page: 50,
    });
    expect(await names('?page=1&per_page=2')).toEqual({ actions: ['machine'], total: 3, page: 1, per_page: 2 });
    expect(await names('?page=9&per_page=2')).toMatchObject({ actions: [], total: 3, page: 9 });
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
    const answer = await post({ code });
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringMatching(message) } });
    const kept = await create('kept');
    expect(await api.patch(`/actions/actions/${kept.id}`, { code })).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(message) },
    });
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
      errors: [{ id: 'dependency', msg: 'The package left-pad is not available: auth0, lodash are.' }],
    });
    expect(await api.post(`/actions/actions/${created.id}/deploy`)).toMatchObject({
      status: 400,
      body: { message: 'The package left-pad is not available: auth0, lodash are.' },
    });
    const both = { name: 'both', supported_triggers: TRIGGERS, dependencies, deploy: true };
    expect((await api.post('/actions/actions', both)).status).toBe(400);
    expect((await api.get('/actions/actions?actionName=both')).body.total, 'all or nothing').toBe(0);
    const mended = await api.patch(`/actions/actions/${created.id}`, { dependencies: [], deploy: true });
    expect(mended.body).toMatchObject({ status: 'built', all_changes_deployed: true });
  });
});
