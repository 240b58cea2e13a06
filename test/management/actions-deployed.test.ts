/** Actions that run: deployments, versions, bindings, secrets, what the login is given, executions, tests of a draft. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ActionReport, TriggerId } from '../../src/domain/actions/action.js';
import { newLogId, systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import type { ActionExecution } from '../../src/login/stages.js';
import { createActionPrograms } from '../../src/storage/action-programs.js';
import { type Management, startManagement } from './harness.js';

const TRIGGERS = [{ id: 'post-login', version: 'v3' }];
const BINDINGS = '/actions/triggers/post-login/bindings';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let api: Management;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());
afterEach(async () => {
  await api.database.pool.query('delete from action_bindings; delete from actions');
});

type Body = Readonly<Record<string, unknown>>;
const codeOf = (what: string) => `exports.onExecutePostLogin = async (event, api) => { /* ${what} */ };`;

async function create(name: string, more: Body = {}) {
  const answer = await api.post('/actions/actions', {
    name,
    supported_triggers: TRIGGERS,
    code: codeOf(name),
    ...more,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

async function deploy(id: string) {
  const answer = await api.post(`/actions/actions/${id}/deploy`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

const byName = (...names: readonly string[]) => ({
  bindings: names.map((value) => ({ ref: { type: 'action_name', value }, display_name: value })),
});

async function bind(...names: readonly string[]) {
  const answer = await api.patch(BINDINGS, byName(...names));
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.bindings;
}

async function getTenant() {
  const { rows } = await api.database.pool.query(
    'select actions_revision as revision, actions_bound as bound from tenant',
  );
  return rows[0] as { revision: string; bound: string[] };
}

async function readProgram(trigger: TriggerId = 'post-login') {
  return createActionPrograms(api.database.pool, api.rows).findProgram(trigger, (await getTenant()).revision);
}

describe('deployment', () => {
  test('makes a version of the draft, and says whether they differ', async () => {
    const { id } = await create('one');
    const version = await deploy(id);
    expect(version).toMatchObject({ action_id: id, number: 1, deployed: true, status: 'built', code: codeOf('one') });
    expect(version.id).toMatch(UUID);
    expect(id).toMatch(UUID);
    const get = async () => (await api.get(`/actions/actions/${id}`)).body;
    expect(await get()).toMatchObject({ all_changes_deployed: true, deployed_version: { id: version.id, number: 1 } });
    await api.patch(`/actions/actions/${id}`, { code: codeOf('two') });
    expect(await get()).toMatchObject({
      all_changes_deployed: false,
      code: codeOf('two'),
      deployed_version: { code: codeOf('one') },
    });
    expect(await deploy(id)).toMatchObject({ number: 2, code: codeOf('two') });
    expect(await get()).toMatchObject({ all_changes_deployed: true, deployed_version: { number: 2 } });
  });

  test('clients send a body, or none', async () => {
    const { id } = await create('one');
    expect((await api.post(`/actions/actions/${id}/deploy`, {})).status).toBe(200);
    expect((await api.post(`/actions/actions/${id}/deploy`)).status).toBe(200);
  });

  test('versions: the newest first, one of them deployed; back to an earlier one as a new one', async () => {
    const { id } = await create('one', { secrets: [{ name: 'K', value: 'first' }] });
    const first = await deploy(id);
    await api.patch(`/actions/actions/${id}`, { code: codeOf('two'), secrets: [{ name: 'K', value: 'second' }] });
    await deploy(id);
    await bind('one');
    const path = `/actions/actions/${id}/versions`;
    const { body } = await api.get(path);
    expect(body).toMatchObject({ total: 2, per_page: 50 });
    expect(body.versions.map((version: Body) => [version.number, version.deployed])).toEqual([
      [2, true],
      [1, false],
    ]);
    expect((await api.get(`${path}?page=1&per_page=1`)).body.versions).toMatchObject([{ number: 1 }]);
    expect((await api.get(`${path}/${first.id}`)).body).toMatchObject({
      id: first.id,
      code: codeOf('one'),
      action: { id, name: 'one', all_changes_deployed: true },
    });
    const before = await getTenant();
    const again = await api.post(`${path}/${first.id}/deploy`);
    expect(again).toMatchObject({ status: 200, body: { number: 3, deployed: true, code: codeOf('one') } });
    expect((await getTenant()).revision).not.toBe(before.revision);
    expect(await readProgram()).toMatchObject({ actions: [{ code: codeOf('one'), secrets: { K: 'first' } }] });
    const draft = async () => (await api.get(`/actions/actions/${id}`)).body;
    expect(await draft()).toMatchObject({ code: codeOf('two'), all_changes_deployed: false });
    await api.post(`${path}/${first.id}/deploy`, { update_draft: true });
    expect(await draft()).toMatchObject({ code: codeOf('one'), all_changes_deployed: true });
    await deploy(id);
    expect(await readProgram(), 'the draft took the secret too').toMatchObject({
      actions: [{ secrets: { K: 'first' } }],
    });
    for (const answer of [await api.get(`${path}/x`), await api.post(`${path}/x/deploy`)])
      expect(answer).toMatchObject({ status: 404, body: { message: 'The action version does not exist.' } });
    expect((await api.get('/actions/actions/x/versions')).status).toBe(404);
  });

  test('a version of another action is not found by way of this one', async () => {
    const one = await create('one', { deploy: true });
    const two = await create('two', { deploy: true });
    const path = `/actions/actions/${one.id}/versions/${two.deployed_version.id}`;
    expect((await api.get(path)).status).toBe(404);
    expect((await api.post(`${path}/deploy`)).status).toBe(404);
  });

  test('50 versions are kept, the deployed one among them', async () => {
    const { id } = await create('one', { deploy: true });
    await api.database.pool.query(
      `insert into action_versions (action_id, id, number, trigger, trigger_version, code, runtime, created_at, built_at)
       select $1, 'v' || n, n, 'post-login', 'v3', '', 'node22', now(), now() from generate_series(2, 50) n`,
      [id],
    );
    const newest = await deploy(id);
    expect(newest.number).toBe(51);
    const { body } = await api.get(`/actions/actions/${id}/versions?per_page=100`);
    expect(body.total).toBe(50);
    expect(body.versions.at(0)).toMatchObject({ id: newest.id, deployed: true });
    expect(body.versions.at(-1)).toMatchObject({ number: 2 });
  });
});

describe('bindings', () => {
  test('by name, id and binding, in the order given; what stays keeps its binding', async () => {
    const [one, two] = [await create('one', { deploy: true }), await create('two', { deploy: true })];
    const first = await bind('one', 'two');
    expect(first).toMatchObject([
      { trigger_id: 'post-login', display_name: 'one', action: { id: one.id, deployed_version: { number: 1 } } },
      { action: { id: two.id } },
    ]);
    const answer = await api.patch(BINDINGS, {
      bindings: [
        { ref: { type: 'binding_id', value: first[1].id }, display_name: 'Second first' },
        { ref: { type: 'action_id', value: one.id } },
      ],
    });
    expect(answer.body.bindings).toMatchObject([
      { id: first[1].id, display_name: 'Second first', created_at: first[1].created_at },
      { id: first[0].id, display_name: 'one' },
    ]);
    const { body } = await api.get(`${BINDINGS}?page=0&per_page=50`);
    expect(body).toMatchObject({
      total: 2,
      per_page: 50,
      bindings: [{ id: first[1].id }, { id: first[0].id }],
    });
    expect((await api.get(`${BINDINGS}?page=1&per_page=50`)).body.bindings).toEqual([]);
    expect((await readProgram())?.actions.map((action) => action.name)).toEqual(['two', 'one']);
  });

  test('what cannot be bound is refused whole', async () => {
    await create('deployed', { deploy: true });
    await create('draft');
    await create('machine', {
      supported_triggers: [{ id: 'credentials-exchange' }],
      code: 'exports.onExecuteCredentialsExchange = () => {};',
      deploy: true,
    });
    await bind('deployed');
    const { revision } = await getTenant();
    const refuse = async (body: unknown, message: RegExp) =>
      expect(await api.patch(BINDINGS, body)).toMatchObject({
        status: 400,
        body: { message: expect.stringMatching(message) },
      });
    await refuse(byName('deployed', 'draft'), /binding for an action that has not been deployed yet/);
    await refuse(byName('machine'), /binding between an incompatible action and trigger/);
    await refuse(byName('nobody'), /for an action that does not exist/);
    await refuse({ bindings: [{ ref: { type: 'binding_id', value: 'x' } }] }, /does not exist/);
    await refuse({ bindings: [{ ref: { type: 'nonsense', value: 'x' } }] }, /No enum match for: nonsense|oneOf/);
    await refuse({ bindings: [{ ref: {} }] }, /ref of a binding has a value/);
    await refuse({}, /Missing required property: bindings/);
    await refuse(byName(...Array.from({ length: 21 }, () => 'deployed')), /at most 20 actions/);
    const secrets = [{ name: 'a', value: 'b' }];
    await refuse({ bindings: [{ ref: { type: 'action_name', value: 'deployed' }, secrets }] }, /Secrets belong to/);
    expect((await api.get(BINDINGS)).body.bindings).toMatchObject([{ action: { name: 'deployed' } }]);
    expect((await getTenant()).revision, 'nothing changed').toBe(revision);
  });

  test('triggers: those that are here, in their current versions', async () => {
    const { body } = await api.get('/actions/triggers');
    expect(body.triggers.map((trigger: Body) => `${trigger.id} ${trigger.version}`).sort()).toEqual([
      'credentials-exchange v2',
      'login-post-identifier v1',
      'organization-admission v1',
      'post-change-password v2',
      'post-login v3',
      'post-user-registration v2',
      'pre-user-registration v2',
    ]);
    expect(body.triggers[0]).toEqual({
      id: 'post-login',
      version: 'v3',
      status: 'CURRENT',
      runtimes: expect.arrayContaining(['node22']),
      default_runtime: 'node22',
      binding_policy: 'trigger-bound',
      compatible_triggers: [{ id: 'post-login', version: 'v2' }],
    });
  });

  test('triggers that Auth0 alone has: nothing is bound to them', async () => {
    const path = '/actions/triggers/custom-token-exchange/bindings';
    expect((await api.get(path)).body).toEqual({ bindings: [], per_page: 50 });
    expect((await api.patch(path, { bindings: [] })).body).toEqual({ bindings: [] });
    expect(await api.patch(path, byName('x'))).toMatchObject({
      status: 400,
      body: { errorCode: 'operation_not_supported' },
    });
    expect((await api.get('/actions/triggers/nonsense/bindings')).status).toBe(400);
  });

  test('a bound action is deleted only by force, and keeps its trigger', async () => {
    const { id } = await create('one', { deploy: true });
    await bind('one');
    expect(await api.delete(`/actions/actions/${id}`)).toMatchObject({
      status: 409,
      body: { message: 'Unable to delete an action bound to a trigger.' },
    });
    const other = {
      supported_triggers: [{ id: 'credentials-exchange' }],
      code: 'exports.onExecuteCredentialsExchange = 1;',
    };
    expect(await api.patch(`/actions/actions/${id}`, other)).toMatchObject({
      status: 400,
      body: { message: "can't upgrade to this trigger." },
    });
    expect(await getTenant()).toMatchObject({ bound: ['post-login'] });
    expect((await api.delete(`/actions/actions/${id}?force=true`)).status).toBe(204);
    expect((await api.get(BINDINGS)).body.bindings).toEqual([]);
    expect(await getTenant()).toMatchObject({ bound: [] });
    expect(await readProgram()).toBeUndefined();
  });

  test('a version of the former trigger does not run in the one that it was bound to', async () => {
    const { id, deployed_version: former } = await create('one', { deploy: true });
    const changed = await api.patch(`/actions/actions/${id}`, {
      supported_triggers: [{ id: 'credentials-exchange' }],
      code: 'exports.onExecuteCredentialsExchange = () => {};',
    });
    expect(changed.status).toBe(200);
    const machine = '/actions/triggers/credentials-exchange/bindings';
    expect(await api.patch(machine, byName('one'))).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('incompatible') },
    });
    await deploy(id);
    expect((await api.patch(machine, byName('one'))).status).toBe(200);
    const back = await api.post(`/actions/actions/${id}/versions/${former.id}/deploy`);
    expect(back).toMatchObject({ status: 400, body: { message: "can't upgrade to this trigger." } });
  });
});

describe('what the login is given', () => {
  test('every change of what runs has a new revision, in its transaction; others have none', async () => {
    const { id } = await create('one');
    const seen = new Set([(await getTenant()).revision]);
    const changes = async (work: () => Promise<unknown>, bound: readonly string[]) => {
      await work();
      const tenant = await getTenant();
      expect(seen.has(tenant.revision), work.toString()).toBe(false);
      expect(tenant.bound, work.toString()).toEqual(bound);
      seen.add(tenant.revision);
    };
    await changes(() => deploy(id), []);
    await changes(() => bind('one'), ['post-login']);
    const { revision } = await getTenant();
    await api.patch(`/actions/actions/${id}`, { code: codeOf('two'), secrets: [{ name: 'K', value: 'v' }] });
    await create('other');
    expect((await getTenant()).revision, 'drafts do not run').toBe(revision);
    await changes(() => deploy(id), ['post-login']);
    await changes(() => api.patch(`/actions/actions/${id}`, { name: 'uno' }), ['post-login']);
    await changes(() => bind(), []);
    await changes(() => bind('uno'), ['post-login']);
    await changes(() => api.delete(`/actions/actions/${id}?force=true`), []);
  });

  test('a program is read once per revision, whoever asks, and has a new key with each', async () => {
    const created = await create('one', { secrets: [{ name: 'K', value: 'v' }], deploy: true });
    const { id, deployed_version } = created;
    const version = deployed_version.id;
    await bind('one');
    let reads = 0;
    const { pool } = api.database;
    const query = (text: string, values: unknown[]) => {
      reads += 1;
      return pool.query(text, values);
    };
    const counting = new Proxy(pool, { get: (target, name) => (name === 'query' ? query : Reflect.get(target, name)) });
    const programs = createActionPrograms(counting, api.rows);
    const { revision } = await getTenant();
    const [program] = await Promise.all([1, 2, 3].map(() => programs.findProgram('post-login', revision)));
    expect(program).toEqual({
      key: `post-login ${version}`,
      trigger: 'post-login',
      actions: [
        {
          actionId: id,
          versionId: version,
          name: 'one',
          code: codeOf('one'),
          dependencies: [],
          modules: [],
          secrets: { K: 'v' },
        },
      ],
    });
    expect(await programs.findProgram('post-login', revision)).toBe(program);
    expect(reads).toBe(1);
    expect(await programs.findProgram('credentials-exchange', revision)).toBeUndefined();
    expect(await programs.findProgram('credentials-exchange', revision)).toBeUndefined();
    expect(reads, 'that nothing is bound is known too').toBe(2);
    await deploy(id);
    const later = await programs.findProgram('post-login', revision);
    expect(later?.key, 'asked by a login that began before the deployment').toBe(program?.key);
    const fresh = createActionPrograms(pool, api.rows);
    const next = await fresh.findProgram('post-login', revision);
    expect(next?.actions[0]?.versionId, 'read after the deployment').not.toBe(version);
    expect(next?.key).toBe(`post-login ${next?.actions[0]?.versionId}`);
    expect(await fresh.findProgram('post-login', (await getTenant()).revision)).toBe(next);
  });

  test('a read that failed is tried again', async () => {
    await create('one', { deploy: true });
    await bind('one');
    let broken = true;
    const { pool } = api.database;
    const query = (text: string, values: unknown[]) =>
      broken ? Promise.reject(new Error('Connection terminated')) : pool.query(text, values);
    const failing = new Proxy(pool, { get: (target, name) => (name === 'query' ? query : Reflect.get(target, name)) });
    const programs = createActionPrograms(failing, api.rows);
    await expect(programs.findProgram('post-login', 'r')).rejects.toMatchObject({ kind: 'database' });
    broken = false;
    expect(await programs.findProgram('post-login', 'r')).toMatchObject({ actions: [{ name: 'one' }] });
  });
});

describe('secrets', () => {
  test('are shown by name and date, kept by name, forgotten when left out', async () => {
    const secrets = [
      { name: 'KEPT', value: 'kept value' },
      { name: 'CHANGED', value: 'old value' },
      { name: 'GONE', value: 'gone value' },
    ];
    const { id } = await create('one', { secrets, deploy: true });
    await bind('one');
    const before = await api.get(`/actions/actions/${id}`);
    expect(before.body.secrets).toEqual(secrets.map(({ name }) => ({ name, updated_at: expect.any(String) })));
    api.advance(1);
    const after = await api.patch(`/actions/actions/${id}`, {
      secrets: [{ name: 'CHANGED', value: 'new value' }, { name: 'KEPT' }],
    });
    expect(after.body.secrets).toMatchObject([{ name: 'CHANGED' }, { name: 'KEPT' }]);
    expect(after.body.secrets[0].updated_at > before.body.secrets[1].updated_at).toBe(true);
    expect(after.body.secrets[1].updated_at).toBe(before.body.secrets[0].updated_at);
    expect(after.body.all_changes_deployed).toBe(false);
    const run = async () => (await readProgram())?.actions[0]?.secrets;
    expect(await run(), 'until the next deployment').toEqual({
      KEPT: 'kept value',
      CHANGED: 'old value',
      GONE: 'gone value',
    });
    await deploy(id);
    expect(await run()).toEqual({ KEPT: 'kept value', CHANGED: 'new value' });
    expect((await api.patch(`/actions/actions/${id}`, { code: codeOf('x') })).body.secrets).toHaveLength(2);
    expect((await api.patch(`/actions/actions/${id}`, { secrets: [] })).body.secrets).toEqual([]);
  });

  test('neither secrets nor code are in any answer, log line or column in the clear', async () => {
    const value = 'very-secret-value-of-an-action';
    const { id } = await create('one', { secrets: [{ name: 'K', value }], code: codeOf('code-of-mine'), deploy: true });
    await bind('one');
    await api.patch(`/actions/actions/${id}`, { secrets: [{ name: 'K', value }], code: codeOf('code-of-mine') });
    await deploy(id);
    for (const path of [`/actions/actions/${id}`, '/actions/actions', BINDINGS, `/actions/actions/${id}/versions`])
      expect(JSON.stringify((await api.get(path)).body), path).not.toContain(value);
    const { rows } = await api.database.pool.query(`select row_to_json(logs)::text as line from logs`);
    const lines = rows.map((row) => (row as { line: string }).line);
    expect(lines.some((line) => line.includes('"path": "/api/v2/actions/actions"'))).toBe(true);
    expect(lines.filter((line) => line.includes(value) || line.includes('code-of-mine'))).toEqual([]);
    const stored = await api.database.pool.query(
      'select row_to_json(a)::text as row from actions a union all select row_to_json(v)::text from action_versions v',
    );
    const hex = Buffer.from(value).toString('hex');
    for (const { row } of stored.rows as { row: string }[]) {
      expect(row).not.toContain(value);
      expect(row).not.toContain(hex);
    }
  });

  test('what was sealed for one version does not open in the place of another', async () => {
    await create('victim', { secrets: [{ name: 'K', value: 'of the victim' }], deploy: true });
    await create('thief', { secrets: [{ name: 'K', value: 'of the thief' }], deploy: true });
    await bind('thief');
    // Somebody who may write to the database but has not the key moves a secret to where his own code reads it.
    await api.database.pool.query(`
      update action_versions set secrets_sealed = (select v.secrets_sealed from action_versions v
        join actions a on a.id = v.action_id where a.name = 'victim')
      where action_id = (select id from actions where name = 'thief')`);
    await expect(readProgram()).rejects.toMatchObject({ kind: 'crypto' });
  });

  test('under another key nothing opens', async () => {
    await create('one', { secrets: [{ name: 'K', value: 'v' }], deploy: true });
    await bind('one');
    const other = createSecretBox(Buffer.alloc(32), 'rows', systemEntropy);
    const programs = createActionPrograms(api.database.pool, other);
    await expect(programs.findProgram('post-login', 'r')).rejects.toMatchObject({ kind: 'crypto' });
  });
});

describe('the test of a draft', () => {
  test('runs the draft with its secrets and the event given, and writes nothing', async () => {
    const { id } = await create('one', { secrets: [{ name: 'K', value: 'old' }], deploy: true });
    await api.patch(`/actions/actions/${id}`, { code: codeOf('draft'), secrets: [{ name: 'K', value: 'new' }] });
    const logs = async () => (await api.database.pool.query('select 1 from logs')).rows.length;
    const before = await logs();
    const payload = { user: { email: 'a@b.example' } };
    const answer = await api.post(`/actions/actions/${id}/test`, { payload });
    expect(answer).toMatchObject({
      status: 200,
      body: { payload: { status: 'final', end: { kind: 'done' }, effects: [], results: [{ console: ['printed'] }] } },
    });
    expect(api.ran.at(-1)).toMatchObject({
      event: payload,
      from: 0,
      resume: false,
      program: {
        trigger: 'post-login',
        actions: [{ actionId: id, versionId: 'draft', code: codeOf('draft'), secrets: { K: 'new' } }],
      },
    });
    expect(await logs()).toBe(before);
    expect((await api.post(`/actions/actions/${id}/test`, {})).status).toBe(400);
    expect((await api.post('/actions/actions/x/test', { payload: {} })).status).toBe(404);
  });
});

describe('executions', () => {
  const started = Date.UTC(2026, 10, 25, 12);
  const report = (name: string, error?: ActionReport['error']): ActionReport => ({
    actionId: 'a',
    versionId: 'v',
    name,
    startedAt: started,
    durationMs: 250,
    console: [`hello from ${name}`],
    error,
  });
  async function log(...actions: readonly ActionExecution[]) {
    const date = new Date(started + 300);
    const logId = newLogId(systemEntropy, date);
    await api.deps.directory.ledger.append({ logId, date, type: 's', details: { actions } });
    return logId;
  }

  test('are read from the log line that the login left', async () => {
    const error = { name: 'TypeError', message: 'x is not a function', stack: 'at one.js:3:7' };
    const reason = 'threw: x is not a function';
    const id = await log({
      trigger: 'post-login',
      results: [report('one'), report('two', error)],
      end: 'failed',
      reason,
    });
    expect((await api.get(`/actions/executions/${id}`)).body).toEqual({
      id,
      trigger_id: 'post-login',
      status: 'partial',
      results: [
        {
          action_name: 'one',
          started_at: '2026-11-25T12:00:00.000Z',
          ended_at: '2026-11-25T12:00:00.250Z',
          console: ['hello from one'],
        },
        {
          action_name: 'two',
          started_at: '2026-11-25T12:00:00.000Z',
          ended_at: '2026-11-25T12:00:00.250Z',
          console: ['hello from two'],
          error: { id: 'TypeError', msg: 'x is not a function', stack: 'at one.js:3:7' },
        },
      ],
      created_at: '2026-11-25T12:00:00.000Z',
      updated_at: '2026-11-25T12:00:00.300Z',
      end: 'failed',
      reason,
    });
  });

  test.each<[string, ActionExecution['end'], string?]>([
    ['final', 'done'],
    ['final', 'denied', 'no'],
    ['suspended', 'redirect'],
    ['canceled', 'failed', 'busy: no process was free'],
    ['canceled', 'failed', 'not_available: no runner'],
    ['partial', 'failed', 'timeout: 20 s'],
  ])('%s after %s %s', async (status, end, reason) => {
    const id = await log({ trigger: 'post-login', results: [], end, ...(reason === undefined ? {} : { reason }) });
    expect((await api.get(`/actions/executions/${id}`)).body).toMatchObject({ status, end });
  });

  test('what ran before and after a redirect is one', async () => {
    const id = await log(
      { trigger: 'post-login', results: [report('one'), report('two')], end: 'redirect' },
      { trigger: 'post-login', results: [report('two'), report('three')], end: 'done' },
    );
    const { body } = await api.get(`/actions/executions/${id}`);
    expect(body.status).toBe('final');
    expect(body.results.map((result: Body) => result.action_name)).toEqual(['one', 'two', 'two', 'three']);
  });

  test('one line may hold those of several triggers', async () => {
    const id = await log(
      { trigger: 'organization-admission', results: [report('gate')], end: 'done' },
      { trigger: 'post-login', results: [report('claims')], end: 'done' },
    );
    const get = async (path: string) => (await api.get(`/actions/executions/${path}`)).body;
    expect(await get(id)).toMatchObject({ id, trigger_id: 'post-login' });
    expect(await get(`${id}:organization-admission`)).toMatchObject({
      id: `${id}:organization-admission`,
      trigger_id: 'organization-admission',
      results: [{ action_name: 'gate' }],
    });
  });

  test('a line without any, and no line, are 404', async () => {
    const id = await log();
    for (const path of [id, 'x', `${id}:post-login`])
      expect(await api.get(`/actions/executions/${path}`)).toMatchObject({
        status: 404,
        body: { message: 'The execution does not exist.' },
      });
  });
});

describe('at the same time', () => {
  test('deployments of one action are numbered one after the other', async () => {
    const { id } = await create('one');
    const versions = await Promise.all(Array.from({ length: 6 }, () => deploy(id)));
    expect(versions.map((version) => version.number).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    const { body } = await api.get(`/actions/actions/${id}/versions`);
    expect(body.versions.filter((version: Body) => version.deployed)).toMatchObject([{ number: 6 }]);
  });

  test('binding and deleting: one of them is refused, and nothing half-done is left', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await create(`one-${round}`, { deploy: true });
      const [bound, deleted] = await Promise.all([
        api.patch(BINDINGS, byName(`one-${round}`)),
        api.delete(`/actions/actions/${id}`),
      ]);
      expect([
        [200, 409],
        [400, 204],
      ]).toContainEqual([bound.status, deleted.status]);
      const { body } = await api.get(BINDINGS);
      expect(body.bindings).toHaveLength(bound.status === 200 ? 1 : 0);
      await bind();
    }
  });
});
