/** The api of post-login, method by method, run in a real process. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableActionRunner } from '../../../src/actions/runner/runner.js';
import type { TriggerResult } from '../../../src/ports/action-runner.js';
import { EVENT, login, run, startRunner, toProgram } from './support.js';

let runner: ClosableActionRunner;
beforeAll(() => {
  runner = startRunner();
});
afterAll(() => runner.close());

const post = (...bodies: readonly string[]): Promise<TriggerResult> =>
  run(runner, toProgram('post-login', ...bodies.map(login)));

describe('access', () => {
  test('deny ends after the Action, with its reason; later Actions do not run, the rest of this one does', async () => {
    const result = await post(
      `api.access.deny('not today'); api.user.setAppMetadata('seen', true); console.log('after');`,
      `console.log('second');`,
    );
    expect(result.end).toEqual({ kind: 'denied', reason: 'not today', code: undefined, userMessage: undefined });
    expect(result.effects).toEqual([{ kind: 'app_metadata', name: 'seen', value: true }]);
    expect(result.reports.map((report) => report.console)).toEqual([['after']]);
  });

  test('an exception fails with its message, and a stack of the Action’s own lines', async () => {
    const result = await post(`\n  const nothing = undefined;\n  nothing.member();`);
    expect(result.end).toMatchObject({ kind: 'failed', failure: 'threw' });
    expect(result.end).toMatchObject({ message: "Cannot read properties of undefined (reading 'member')" });
    const [report] = result.reports;
    expect(report?.error?.stack.split('\n')).toEqual([
      "TypeError: Cannot read properties of undefined (reading 'member')",
      '    at exports.onExecutePostLogin (action-1.js:4:11)',
    ]);
  });
});

describe('claims', () => {
  test('are set on each token, and reserved ones are not', async () => {
    const result = await post(
      `api.idToken.setCustomClaim('https://x/a', { b: [1] }).accessToken.setCustomClaim('c', 'd'); api.idToken.setCustomClaim('org_id', 'x');`,
    );
    expect(result.end).toEqual({ kind: 'done' });
    expect(result.effects).toEqual([
      { kind: 'claim', token: 'id', name: 'https://x/a', value: { b: [1] } },
      { kind: 'claim', token: 'access', name: 'c', value: 'd' },
    ]);
    expect(result.reports[0]?.console).toEqual(['the claim org_id is reserved: it was not set']);
  });
});

test('metadata is seen by the next Action, and not by the same one', async () => {
  const result = await post(
    `api.user.setUserMetadata('color', null).user.setAppMetadata('plan', { a: 1 }); console.log(event.user.user_metadata.color);`,
    `console.log(JSON.stringify([event.user.user_metadata, event.user.app_metadata]));`,
  );
  expect(result.reports.map((report) => report.console)).toEqual([['red'], ['[{},{"plan":{"a":1}}]']]);
  expect(EVENT.user).toMatchObject({ user_metadata: { color: 'red' } });
});
