/** Work after a commit that hangs takes no process from those who sign in. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type ActionListener, reportTo, startActionListener } from '../support/action-listener.js';
import { useActions } from '../support/actions.js';
import { useStage } from '../support/stage.js';

// One process for logins: a share that a job could hold as a whole.
const stage = useStage({ environment: { VESTIBULE_ACTIONS_PROCESSES: '1', VESTIBULE_ACTIONS_TIMEOUT: '15' } });
let listener: ActionListener;
const removals: (() => Promise<void>)[] = [];
beforeAll(async () => {
  listener = await startActionListener();
});
afterAll(() => listener.stop());
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove();
});

test('logins go on while jobs hang, and at most two jobs are under way', async () => {
  const email = 'signs-in@plain.example';
  await stage.cast.createMember(email);
  listener.onReport = () => new Promise(() => {});
  const report = `exports.onExecutePostUserRegistration = async (event, api) => {\n${reportTo(listener)}\n};`;
  const greet =
    "exports.onExecutePostLogin = async (event, api) => { api.idToken.setCustomClaim('greeting', 'hello'); };";
  removals.push(await useActions(stage.instance, 'post-user-registration', { name: 'hangs', code: report }));
  removals.push(await useActions(stage.instance, 'post-login', { name: 'greets', code: greet }));
  for (const name of ['a', 'b', 'c']) await stage.cast.createUser(`opened-${name}@plain.example`);
  await listener.wait(1);
  const visitor = stage.visitor();
  const { claims } = await visitor.redeem(await visitor.withPassword(email));
  expect(claims.greeting).toBe('hello');
  const { rows } = await stage.instance.database.pool.query('select attempts from action_jobs order by attempts');
  expect(rows.filter((row: { attempts: number }) => row.attempts > 0).length).toBeLessThanOrEqual(2);
  expect(rows, 'the jobs hang still').toHaveLength(3);
});
