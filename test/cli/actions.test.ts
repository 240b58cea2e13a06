/**
 * `vestibule actions` on the database of a server that runs: an Action that fails shuts the console, an earlier version or no binding opens
 * it again, and no check goes away unless somebody has typed so.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/program.js';
import type { World } from '../../src/cli/world.js';
import { openActionKeeper } from '../../src/compose/action-keeper.js';
import { bindActions, deployAction } from '../support/actions.js';
import { type Instance, type Json, startInstance } from '../support/instance.js';
import { createOperatorRig, type OperatorRig } from '../support/operators.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
const OLGA = 'olga@company.example';
const GOOD = 'exports.onExecutePostLogin = async () => {};';
const BROKEN = "exports.onExecutePostLogin = async () => { throw new Error('the ledger does not answer\\u001b[2J'); };";
const NAME = 'Check contract';

let instance: Instance;
let rig: OperatorRig;
let checkId: string;
beforeAll(async () => {
  instance = await startInstance();
  rig = await createOperatorRig(instance);
  await rig.join(OLGA);
});
afterAll(() => instance.stop());

/** Version 1 works, version 2 fails; another Action runs before it. */
beforeEach(async () => {
  await bindActions(instance, 'post-login', []);
  const { actions } = await instance.api<{ actions: Json[] }>('GET', '/actions/actions');
  for (const { id } of actions) await instance.api('DELETE', `/actions/actions/${String(id)}`);
  const first = await deployAction(instance, { name: 'First', code: GOOD });
  checkId = await deployAction(instance, { name: NAME, code: GOOD });
  await bindActions(instance, 'post-login', [first, checkId]);
  await instance.api('PATCH', `/actions/actions/${checkId}`, { code: BROKEN });
  await instance.api('POST', `/actions/actions/${checkId}/deploy`);
});

async function run(...argv: string[]) {
  const out: string[] = [];
  const notes: string[] = [];
  const unused = () => Promise.reject(new Error('not for this command'));
  const world: World = {
    env: {
      DATABASE_URL: instance.database.url,
      VESTIBULE_SECRET_KEY: KEY,
      VESTIBULE_URL: instance.origin,
      SUDO_USER: 'nora',
    },
    out: (line) => out.push(line),
    note: (line) => notes.push(line),
    width: 100,
    colourful: false,
    readInput: unused,
    startServer: unused,
    openKeys: unused,
    openOperators: unused,
    openActions: openActionKeeper,
    openExaminer: unused,
    onHangup() {},
    untilStopped: unused,
  };
  const code = await runCommandLine(['actions', ...argv], world);
  return { code, out: out.join('\n'), notes: notes.join('\n') };
}

const listBound = async () =>
  (
    await instance.api<{ bindings: { action: { name: string } }[] }>('GET', '/actions/triggers/post-login/bindings')
  ).bindings.map(({ action }) => action.name);

/** The newest line of the log that a command wrote. */
async function findLine(): Promise<Json> {
  const lines = await instance.api<Json[]>('GET', '/logs?per_page=20&sort=date:-1&q=type:sapi');
  const found = lines.find((line) => JSON.stringify(line).includes('command|actions'));
  return found ?? {};
}

test('the list names the Action that stopped somebody, the reason, and the version before', async () => {
  await expect(rig.signIn(OLGA)).rejects.toThrow('no code');
  const { code, out, notes } = await run('list');
  expect(code).toBe(0);
  expect(out).toMatch(/post-login +First +1 of \d{4}-\d\d-\d\d \d\d:\d\dZ +0/);
  expect(out).toMatch(/post-login +Check contract +2 of \d{4}-\d\d-\d\d \d\d:\d\dZ +1 +1$/m);
  expect(notes).toContain("'Check contract' stopped somebody last because of: threw");
  expect(notes).toContain('the ledger does not answer');
  expect(notes, 'the text of an error clears no screen').not.toContain('\u001b');
  expect(out + notes).not.toMatch(/throw new|exports\./);
  const json = JSON.parse((await run('list', '--json')).out);
  expect(json).toMatchObject([
    { name: 'First', stopped: 0, former: [] },
    { name: NAME, id: checkId, stopped: 1, version: { number: 2 }, former: [{ number: 1 }] },
  ]);
});

test('an earlier version opens the console again, and the log says who did it', async () => {
  await expect(rig.signIn(OLGA)).rejects.toThrow('no code');
  const { code, notes } = await run('rollback', NAME, '1');
  expect([code, notes]).toEqual([0, expect.stringContaining('runs as in version 1')]);
  await rig.signIn(OLGA);
  expect(await listBound()).toEqual(['First', NAME]);
  const draft = await instance.api('GET', `/actions/actions/${checkId}`);
  expect(draft).toMatchObject({ code: BROKEN, deployed_version: { code: GOOD, number: 3 } });
  expect(await findLine()).toMatchObject({
    description: "Deploy an action's version again",
    details: {
      request: {
        path: expect.stringContaining(`/actions/actions/${checkId}/versions/`),
        auth: { subject: 'command|actions', user: { name: 'nora (vestibule actions)' } },
      },
    },
  });
});

test('case=no check goes away unless somebody typed so', async () => {
  const refused = await run('unbind', NAME);
  expect(refused).toMatchObject({ code: 2, notes: expect.stringContaining('customers included') });
  expect(await listBound()).toEqual(['First', NAME]);
  await expect(rig.signIn(OLGA)).rejects.toThrow('no code');
});

test('it can be taken out of the order, alone, and the log says so', async () => {
  const { code, notes } = await run('unbind', NAME, '--logins-go-unchecked');
  expect([code, notes]).toEqual([0, expect.stringContaining('NOBODY IS CHECKED BY IT')]);
  expect(await listBound()).toEqual(['First']);
  await rig.signIn(OLGA);
  expect(await findLine()).toMatchObject({
    description: "Replace a trigger's bindings",
    details: { request: { auth: { user: { name: 'nora (vestibule actions)' } } } },
  });
  expect(await run('unbind', NAME, '--logins-go-unchecked')).toMatchObject({
    code: 1,
    notes: expect.stringContaining('runs at no trigger'),
  });
});

test('case=an Action that is bound at the same moment stays bound', async () => {
  const keeper = await openActionKeeper(
    (await import('../../src/config/config.js')).parseConfig({
      DATABASE_URL: instance.database.url,
      VESTIBULE_SECRET_KEY: KEY,
      VESTIBULE_URL: instance.origin,
    }),
  );
  const second = await deployAction(instance, { name: 'Second', code: GOOD });
  const { pool } = instance.database;
  const holder = await pool.connect();
  try {
    await holder.query('begin');
    await holder.query('select 1 from tenant where id = 1 for no key update');
    const ended = keeper.unbind(NAME, { by: 'nora' });
    await expect
      .poll(async () => (await pool.query("select 1 from pg_stat_activity where wait_event_type = 'Lock'")).rowCount)
      .toBeGreaterThan(0);
    await holder.query(
      `insert into action_bindings (trigger, position, id, action_id, display_name, created_at, updated_at)
       values ('post-login', 2, 'bound-meanwhile', $1, 'Second', now(), now())`,
      [second],
    );
    await holder.query('commit');
    expect(await ended).toBe('changed_meanwhile');
  } finally {
    holder.release();
    await keeper.close();
  }
  expect(await listBound()).toEqual(['First', NAME, 'Second']);
});

test('wrong use is told', async () => {
  expect(await run('rollback', NAME, 'last')).toMatchObject({ code: 2, notes: expect.stringContaining('no version') });
  expect(await run('rollback', NAME, '9')).toMatchObject({ code: 1, notes: expect.stringContaining('no version 9') });
  expect(await run('rollback', NAME, '2')).toMatchObject({ code: 1, notes: expect.stringContaining('runs already') });
  for (const argv of [
    ['rollback', 'Nothing', '1'],
    ['unbind', 'Nothing', '--logins-go-unchecked'],
  ])
    expect(await run(...argv)).toMatchObject({ code: 1, notes: expect.stringContaining("'Nothing'") });
});
