/** `/actions/modules`: drafts, versions, the Actions that load them, and what a login is given. The scope of a module: test/actions/runner. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createActionPrograms } from '../../src/storage/action-programs.js';
import { type Management, startManagement } from './harness.js';

const MODULES = '/actions/modules';
const CODE = 'module.exports = { greet: (name) => "Hello, " + name };';
const TRIGGERS = [{ id: 'post-login', version: 'v3' }];
const ACTION =
  'exports.onExecutePostLogin = async (event, api) => { require("actions:greeter").greet(event.user.name); };';

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());
afterEach(async () => {
  await api.database.pool.query('delete from action_bindings; delete from actions; delete from action_modules');
});

type Body = Readonly<Record<string, unknown>>;

async function create(name: string, more: Body = {}) {
  const answer = await api.post(MODULES, { name, code: CODE, ...more });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

async function publish(id: string) {
  const answer = await api.post(`${MODULES}/${id}/versions`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

const referenceOf = (version: { module_id: string; id: string }) => ({
  module_id: version.module_id,
  module_version_id: version.id,
});

async function createAction(name: string, modules: readonly Body[], more: Body = {}) {
  const body = { name, supported_triggers: TRIGGERS, code: ACTION, modules, ...more };
  const answer = await api.post('/actions/actions', body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

async function readProgram() {
  const { rows } = await api.database.pool.query('select actions_revision as revision from tenant');
  return createActionPrograms(api.database.pool, api.rows).findProgram('post-login', rows[0].revision);
}

describe('a module', () => {
  test('is created, shown, changed and deleted', async () => {
    const created = await create('greeter', { api_version: '1' });
    expect(created).toEqual({
      id: expect.any(String),
      name: 'greeter',
      code: CODE,
      dependencies: [],
      secrets: [],
      all_changes_published: false,
      actions_using_module_total: 0,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const path = `${MODULES}/${created.id}`;
    expect((await api.get(path)).body).toEqual(created);
    expect((await api.get(MODULES)).body).toEqual({ modules: [created], total: 1, page: 0, per_page: 50 });
    expect((await api.get(`${path}/versions`)).body).toEqual({ versions: [], total: 0, page: 0, per_page: 50 });
    expect((await api.get(`${path}/actions`)).body, 'omits zeros').toEqual({ actions: [], per_page: 50 });
    expect(await api.post(MODULES, { name: 'greeter', code: '' })).toMatchObject({
      status: 409,
      body: { message: 'An action module with the same name already exists.' },
    });
    const dependencies = [{ name: 'lodash', version: '4.17.21' }];
    const changed = await api.patch(path, { dependencies, secrets: [{ name: 'K', value: 'v' }] });
    expect(changed).toMatchObject({ status: 200, body: { code: CODE, dependencies, secrets: [{ name: 'K' }] } });
    expect(JSON.stringify(changed.body)).not.toContain('"v"');
    expect((await api.delete(path)).status).toBe(204);
    for (const answer of [
      await api.get(path),
      await api.patch(path, { code: CODE }),
      await api.delete(path),
      await api.get(`${path}/versions`),
      await api.get(`${path}/versions/x`),
      await api.get(`${path}/actions`),
      await api.post(`${path}/versions`),
      await api.post(`${path}/rollback`, { module_version_id: 'x' }),
    ])
      expect(answer).toMatchObject({ status: 404, body: { message: 'The action module does not exist.' } });
  });

  test('is published as it is, and only what changed since is published again', async () => {
    const { id } = await create('greeter', { publish: true, secrets: [{ name: 'K', value: 'first' }] });
    const path = `${MODULES}/${id}`;
    const shown = (await api.get(path)).body;
    expect(shown).toMatchObject({ all_changes_published: true, latest_version: { version_number: 1, code: CODE } });
    expect(await api.post(`${path}/versions`)).toMatchObject({
      status: 409,
      body: { message: 'No draft version is available to publish.' },
    });
    const same = await api.patch(path, { code: CODE, secrets: [{ name: 'K', value: 'first' }] });
    expect(same.body, 'as far as is known before it is published').toMatchObject({ all_changes_published: false });
    expect(await publish(id), 'the second import of the same tenant').toMatchObject({ version_number: 1 });
    expect((await api.get(path)).body).toMatchObject({ all_changes_published: true });
    const changed = await api.patch(path, { code: '// two', secrets: [{ name: 'K', value: 'second' }] });
    expect(changed.body).toMatchObject({ all_changes_published: false, latest_version: { code: CODE } });
    const second = await publish(id);
    expect(second).toMatchObject({ module_id: id, version_number: 2, code: '// two', secrets: [{ name: 'K' }] });
    const { versions, total } = (await api.get(`${path}/versions`)).body;
    expect([total, versions.map((version: Body) => version.version_number)]).toEqual([2, [2, 1]]);
    expect((await api.get(`${path}/versions/${second.id}`)).body).toEqual(second);
    expect(await api.get(`${path}/versions/x`)).toMatchObject({
      status: 404,
      body: { message: 'The action module version does not exist.' },
    });
  });

  test('a secret that is named without a value keeps the one that it has; one that is new is refused', async () => {
    const { id } = await create('keeper', { publish: true, secrets: [{ name: 'K', value: 'first' }] });
    const path = `${MODULES}/${id}`;
    expect((await api.patch(path, { secrets: [{ name: 'K' }] })).status).toBe(200);
    expect(await publish(id), 'nothing differs from what was published').toMatchObject({ version_number: 1 });
    expect((await api.patch(path, { secrets: [{ name: 'K' }, { name: 'L' }] })).status).toBe(400);
    expect((await api.patch(path, { secrets: [{ name: 'K\u0000' }] })).status).toBe(400);
    const more = await api.patch(path, { secrets: [{ name: 'K' }, { name: 'L', value: 'second' }] });
    expect(more.body.secrets.map(({ name }: Body) => name)).toEqual(['K', 'L']);
    expect(await publish(id)).toMatchObject({ version_number: 2 });
  });

  test('is rolled back to a version, with its secrets', async () => {
    const { id } = await create('greeter', { publish: true, secrets: [{ name: 'K', value: 'first' }] });
    const path = `${MODULES}/${id}`;
    const { latest_version: first } = (await api.get(path)).body;
    await api.patch(path, { code: '// two', secrets: [] });
    const second = await publish(id);
    const back = (version: string) => api.post(`${path}/rollback`, { module_version_id: version });
    expect(await back(second.id)).toMatchObject({
      status: 409,
      body: { message: 'The specified version is already the current draft version.' },
    });
    expect(await back(first.id)).toMatchObject({
      status: 200,
      body: { code: CODE, secrets: [{ name: 'K' }], all_changes_published: false },
    });
    await createAction('one', [referenceOf(await publish(id))], { deploy: true });
    await api.patch('/actions/triggers/post-login/bindings', {
      bindings: [{ ref: { type: 'action_name', value: 'one' } }],
    });
    expect((await readProgram())?.actions[0]?.modules).toMatchObject([{ number: 3, secrets: { K: 'first' } }]);
    await api.patch(path, { code: '// four' });
    await back(first.id);
    expect((await back('x')).status).toBe(404);
  });

  test('code that no Action could load is refused, and a package that is not here when it is published', async () => {
    const of = (code: string) => api.post(MODULES, { name: 'x', code });
    expect(await of('const = 1;')).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/cannot be read.*\(line 1, column 7\)/) },
    });
    expect(await of("\nrequire('actions:other');")).toMatchObject({
      status: 400,
      body: { message: 'A module cannot require another module: actions:other (line 2, column 1).' },
    });
    const { id } = await create('padded', { dependencies: [{ name: 'left-pad', version: '1' }] });
    expect(await api.post(`${MODULES}/${id}/versions`)).toMatchObject({
      status: 400,
      body: { message: 'The package left-pad is not available: auth0, lodash are.' },
    });
    expect((await api.get(`${MODULES}/${id}/versions`)).body.versions).toEqual([]);
  });
});

describe('limits', () => {
  const items = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `n${n}`, value: 'v' }));
  test.each<[string, Body, RegExp]>([
    ['a name of nothing', { name: ' ' }, /1 to 255 characters/],
    ['a name too long', { name: 'x'.repeat(256) }, /255/],
    ['code over 64 Ki characters', { code: ' '.repeat(65_537) }, /65536/],
    ['11 dependencies', { dependencies: items(11).map(({ name }) => ({ name, version: '1' })) }, /at most 10 dep/],
    ['31 secrets', { secrets: items(31) }, /at most 30 secrets/],
    ['a secret twice', { secrets: [...items(1), ...items(1)] }, /one secret twice/],
    ['a secret of a prototype', { secrets: [{ name: '__proto__', value: 'v' }] }, /1 to 128 characters/],
    ['a field of nobody', { runtime: 'node22' }, /Additional properties not allowed: runtime/],
  ])('%s', async (_what, more, message) => {
    const answer = await api.post(MODULES, { name: 'x', code: CODE, ...more });
    expect(answer).toMatchObject({ status: 400, body: { message: expect.stringMatching(message) } });
  });

  test('100 modules', async () => {
    await api.database.pool.query(`insert into action_modules (id, name, code, created_at, updated_at)
      select 'm' || n, 'n' || n, '', now(), now() from generate_series(1, 100) n`);
    const answer = await api.post(MODULES, { name: 'x', code: CODE });
    expect(answer).toMatchObject({ status: 403, body: { errorCode: 'too_many_entities' } });
  });

  test('of 50 versions the oldest that no Action uses makes room, and none that is used', async () => {
    const { id } = await create('greeter');
    const { id: usedId } = await publish(id);
    await api.database.pool.query(
      `insert into action_module_versions (module_id, id, number, code, created_at)
       select $1, 'v' || n, n, '', now() from generate_series(2, 50) n`,
      [id],
    );
    await createAction('one', [{ module_id: id, module_version_id: usedId }]);
    await api.patch(`${MODULES}/${id}`, { code: '// 51' });
    expect(await publish(id)).toMatchObject({ version_number: 51 });
    const { versions } = (await api.get(`${MODULES}/${id}/versions?per_page=100`)).body;
    const numbers = versions.map((version: Body) => version.version_number);
    expect([numbers.length, numbers.at(-1), numbers.at(-2)]).toEqual([50, 1, 3]);
    await api.database.pool.query(
      `insert into actions (id, name, trigger, trigger_version, code, runtime, created_at, updated_at, modules)
       select v.id, v.id, 'post-login', 'v3', '', 'node22', now(), now(),
         jsonb_build_array(jsonb_build_object('module_id', module_id, 'module_version_id', v.id))
       from action_module_versions v`,
    );
    await api.patch(`${MODULES}/${id}`, { code: '// 52' });
    expect(await api.post(`${MODULES}/${id}/versions`)).toMatchObject({
      status: 412,
      body: { error: 'Precondition Failed', message: expect.stringContaining('Maximum number of module versions') },
    });
  });
});

describe('an Action that loads a module', () => {
  test('names its version, and shows it in draft, version and binding', async () => {
    const { id } = await create('greeter');
    const version = await publish(id);
    const reference = { ...referenceOf(version), module_name: 'greeter', module_version_number: 1 };
    const action = await createAction('one', [referenceOf(version)]);
    expect(action).toMatchObject({ modules: [reference], warnings: [] });
    const byName = { module_name: 'greeter', module_version_number: 1 };
    expect((await api.patch(`/actions/actions/${action.id}`, { modules: [byName] })).body.modules).toEqual([reference]);
    const deployed = (await api.post(`/actions/actions/${action.id}/deploy`)).body;
    expect(deployed.modules).toEqual([reference]);
    await api.patch(`${MODULES}/${id}`, { code: '// two' });
    const second = await publish(id);
    const changed = await api.patch(`/actions/actions/${action.id}`, { modules: [referenceOf(second)] });
    expect(changed.body).toMatchObject({ all_changes_deployed: false, deployed_version: { modules: [reference] } });
    const without = await api.patch(`/actions/actions/${action.id}`, { modules: [] });
    expect(without.body).toMatchObject({ modules: [], warnings: [{ id: 'module-not-named', line: 1 }] });
  });

  test('is given the version that it named, whatever is published later, and its test run the draft’s', async () => {
    const { id } = await create('greeter', { secrets: [{ name: 'K', value: 'first' }] });
    const version = await publish(id);
    const action = await createAction('one', [referenceOf(version)], { deploy: true });
    await api.patch('/actions/triggers/post-login/bindings', {
      bindings: [{ ref: { type: 'action_name', value: 'one' } }],
    });
    const before = await readProgram();
    expect(before?.actions[0]?.modules).toEqual([
      { versionId: version.id, name: 'greeter', number: 1, code: CODE, dependencies: [], secrets: { K: 'first' } },
    ]);
    await api.patch(`${MODULES}/${id}`, { code: '// two', secrets: [{ name: 'K', value: 'second' }] });
    const second = await publish(id);
    expect(await readProgram()).toEqual(before);
    await api.patch(`/actions/actions/${action.id}`, { modules: [referenceOf(second)] });
    expect((await api.post(`/actions/actions/${action.id}/test`, { payload: {} })).status).toBe(200);
    expect(api.ran.at(-1)?.program.actions[0]?.modules).toMatchObject([{ code: '// two', secrets: { K: 'second' } }]);
    await api.post(`/actions/actions/${action.id}/deploy`);
    const after = await readProgram();
    expect(after?.actions[0]?.modules).toMatchObject([{ code: '// two', secrets: { K: 'second' } }]);
    expect(after?.key).not.toBe(before?.key);
  });

  test('a module in use is not deleted, and who uses it is told', async () => {
    const { id } = await create('greeter');
    const version = await publish(id);
    const refused = { status: 412, body: { message: expect.stringContaining('in use by one or more actions') } };
    const one = await createAction('one', [referenceOf(version)]);
    expect(await api.delete(`${MODULES}/${id}`), 'by a draft').toMatchObject(refused);
    expect((await api.get(`${MODULES}/${id}/actions`)).body.actions, 'nothing is deployed').toEqual([]);
    await api.post(`/actions/actions/${one.id}/deploy`);
    await api.patch(`/actions/actions/${one.id}`, { modules: [] });
    expect(await api.delete(`${MODULES}/${id}`), 'by a deployed version').toMatchObject(refused);
    expect((await api.get(`${MODULES}/${id}/actions`)).body).toEqual({
      actions: [
        {
          action_id: one.id,
          action_name: 'one',
          module_version_id: version.id,
          module_version_number: 1,
          supported_triggers: TRIGGERS,
        },
      ],
      total: 1,
      per_page: 50,
    });
    expect((await api.get(MODULES)).body.modules).toMatchObject([{ actions_using_module_total: 1 }]);
    await api.patch(`/actions/actions/${one.id}`, { code: 'exports.onExecutePostLogin = () => {};', deploy: true });
    expect((await api.delete(`${MODULES}/${id}`)).status).toBe(204);
    const { versions } = (await api.get(`/actions/actions/${one.id}/versions`)).body;
    expect(versions[1].modules, 'the history still tells').toMatchObject([{ module_name: 'greeter' }]);
    expect(await api.post(`/actions/actions/${one.id}/versions/${versions[1].id}/deploy`)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('version 1 of the action module greeter does not exist any more') },
    });
  });

  test('a module that went away below it is in the program without code, so that it does not run', async () => {
    const { id } = await create('greeter');
    await createAction('one', [referenceOf(await publish(id))], { deploy: true });
    await api.patch('/actions/triggers/post-login/bindings', {
      bindings: [{ ref: { type: 'action_name', value: 'one' } }],
    });
    await api.database.pool.query('delete from action_modules');
    expect((await readProgram())?.actions[0]?.modules).toMatchObject([{ name: 'greeter', number: 1, code: undefined }]);
  });

  test('references that lead to nothing, or to something else, are refused', async () => {
    const versions = [];
    for (const name of ['a', 'b', 'c', 'd']) versions.push(await publish((await create(name)).id));
    const [a, b] = versions;
    const refuse = async (modules: readonly Body[], message: RegExp) => {
      const answer = await api.post('/actions/actions', { name: 'x', supported_triggers: TRIGGERS, modules });
      expect(answer).toMatchObject({ status: 400, body: { message: expect.stringMatching(message) } });
    };
    await refuse([{ module_id: 'x', module_version_id: a.id }], /module x does not exist/);
    await refuse([{ module_name: 'x', module_version_number: 1 }], /module x does not exist/);
    await refuse([{ module_version_id: a.id }], /has a module_id/);
    await refuse([{ module_id: a.module_id }], /has a module_version_id/);
    await refuse([{ module_id: a.module_id, module_version_id: b.id }], /module a has no version/);
    await refuse([{ module_name: 'a', module_version_number: 2 }], /module a has no version 2/);
    await refuse([{ ...referenceOf(a), module_name: 'b' }], /has the name a/);
    await refuse([{ ...referenceOf(a), module_version_number: 9 }], /has the number 1/);
    await refuse([referenceOf(a), { module_name: 'a', module_version_number: 1 }], /one module twice/);
    await refuse(versions.map(referenceOf), /at most 3 modules/);
  });
});

test('neither secrets nor code of a module are in the log, and the secrets are sealed for their row', async () => {
  const { id } = await create('greeter', { publish: true, secrets: [{ name: 'K', value: 'never-shown' }] });
  await api.patch(`${MODULES}/${id}`, { code: '// never-shown' });
  const { pool } = api.database;
  const lines = JSON.stringify((await pool.query('select * from logs')).rows);
  expect(lines).toContain(MODULES);
  expect(lines).not.toContain('never-shown');
  await pool.query('update action_module_versions set secrets_sealed = (select secrets_sealed from action_modules)');
  await expect(api.get(`${MODULES}/${id}/versions`), 'moved from another row').rejects.toThrow('service_unavailable');
});
