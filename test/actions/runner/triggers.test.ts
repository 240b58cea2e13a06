/** The triggers other than post-login: what their api asks for, and that nobody gets more than his trigger has. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClosableActionRunner } from '../../../src/actions/runner/runner.js';
import { TRIGGERS, type TriggerId } from '../../../src/domain/actions/action.js';
import type { TriggerResult } from '../../../src/ports/action-runner.js';
import { run, startRunner, toProgram } from './support.js';

let runner: ClosableActionRunner;
beforeAll(() => {
  runner = startRunner();
});
afterAll(() => runner.close());

function act(trigger: TriggerId, body: string): Promise<TriggerResult> {
  return run(runner, toProgram(trigger, `exports.${TRIGGERS[trigger].handler} = async (event, api) => {${body}};`));
}

test('pre-user-registration: metadata, and two texts of a denial', async () => {
  const { end, effects } = await act(
    'pre-user-registration',
    `api.user.setUserMetadata('a', 1).user.setAppMetadata('b', 2); api.access.deny('log', 'You may not sign up');`,
  );
  expect(end).toEqual({ kind: 'denied', reason: 'log', code: undefined, userMessage: 'You may not sign up' });
  expect(effects).toEqual([
    { kind: 'user_metadata', name: 'a', value: 1 },
    { kind: 'app_metadata', name: 'b', value: 2 },
  ]);
});

test('credentials-exchange: claims, scopes, an OAuth error', async () => {
  const { end, effects } = await act(
    'credentials-exchange',
    `api.accessToken.setCustomClaim('a', 1).accessToken.addScope('x'); api.access.deny('invalid_scope', 'not these');`,
  );
  expect(end).toEqual({ kind: 'denied', reason: 'not these', code: 'invalid_scope', userMessage: undefined });
  expect(effects).toHaveLength(2);
  expect((await act('credentials-exchange', `api.access.deny('nonsense', 'x');`)).end).toMatchObject({
    failure: 'threw',
  });
});

test('login-post-identifier: where somebody goes', async () => {
  const { effects } = await act(
    'login-post-identifier',
    `api.authentication.setConnectionByName('db').authentication.setOrganization('acme');`,
  );
  expect(effects).toEqual([
    { kind: 'route', to: 'connection', name: 'db' },
    { kind: 'route', to: 'organization', name: 'acme' },
  ]);
});

test('organization-admission: in with roles, or out with a reason', async () => {
  expect((await act('organization-admission', `api.admission.allow({ roles: ['reader'] });`)).effects).toEqual([
    { kind: 'admit', roles: ['reader'] },
  ]);
  expect((await act('organization-admission', `api.admission.allow();`)).effects).toEqual([
    { kind: 'admit', roles: [] },
  ]);
  expect((await act('organization-admission', `api.admission.deny('strangers');`)).end).toMatchObject({
    reason: 'strangers',
  });
  expect((await act('organization-admission', ``)).effects).toEqual([]);
});

test.each(['post-user-registration', 'post-change-password'] as const)(
  '%s: nothing left to decide',
  async (trigger) => {
    const { end, reports } = await act(trigger, `console.log(Object.keys(api).join());`);
    expect(end).toEqual({ kind: 'done' });
    expect(reports[0]?.console).toEqual(['cache']);
  },
);

test('no Actions, and no Actions after the last, are done', async () => {
  const program = toProgram('post-login');
  expect(await run(runner, program)).toEqual({ end: { kind: 'done' }, effects: [], reports: [] });
});
