/**
 * Story 31: an Action loops, eats memory, throws, ends its process, lost its module. The login is refused within the limit, the server does not notice, the
 * administrator sees why, and nothing is left, in either order nothing more than that order leaves.
 */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createModule, setOrder, useActions } from '../support/actions.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage({ environment: { VESTIBULE_ACTIONS_TIMEOUT: '4' } });
let remove: (() => Promise<void>) | undefined;

beforeAll(() => stage.enablement({ assign_membership_on_login: true }));
afterEach(async () => {
  await remove?.();
  remove = undefined;
  await setOrder(stage.instance, 'after_actions');
});

const handler = (body: string) => `exports.onExecutePostLogin = async (event, api) => {\n${body}\n};`;

const CASES = [
  ['loops', 'for (;;) {}', 'timeout', /longer than/],
  ['loops in promises', 'for (;;) await null;', 'timeout', /longer than/],
  ['waits for ever', 'await new Promise(() => setTimeout(() => {}, 1e9));', 'timeout', /longer than/],
  ['eats memory', 'const all = []; for (;;) all.push(Buffer.alloc(8e6, 1));', 'memory', /memory/],
  ['throws', 'throw new Error("the list is gone");', 'threw', /^the list is gone$/],
  ['ends its process', 'process.exit(0);', 'died', /./],
] as const;

/** Each of these waits for the whole time limit, whichever the order: one of them is enough for Auth0's. */
const IN_AUTH0S_ORDER = CASES.filter(([, , failure]) => failure !== 'timeout').concat([CASES[2]]);

describe.each([
  ['after_actions', CASES],
  ['before_actions', IN_AUTH0S_ORDER],
] as const)('%s', (order, cases) => {
  test.each(cases)('case=%s', async (name, body, failure, text) => {
    const who = `${name.replaceAll(' ', '-')}-${order.slice(0, 5)}`;
    stage.cast.people[who] = { sub: `idp-${who}`, email: `${who}@acme.example`, email_verified: true };
    remove = await useActions(stage.instance, 'post-login', { name, code: handler(body) });
    await setOrder(stage.instance, order);
    const before = await stage.instance.snapshot();
    const visit = await stage.visitor().throughSso(who, `${who}@acme.example`);
    expect(answerOf(visit).error).toBe('access_denied');
    // The text of the exception stays in the log: this one is in the address bar of a stranger.
    expect(answerOf(visit).error_description).toBe('an Action failed; the log has its error under the error_reference');
    const line = await stage.refusal(visit);
    expect(line.description).toMatch(text);
    expect(line.details).toMatchObject({ code: 'act.failed' });
    expect(line.details.detail).toContain(`post-login: ${failure}: `);
    if (order === 'after_actions') await expectNothingLeft(stage.instance, before);
    const healthy = await fetch(`${stage.instance.origin}/health/ready`);
    expect(healthy.status).toBe(200);
  });
});

test('a login without trouble goes on as before, right after', async () => {
  stage.cast.people.calm = { sub: 'idp-calm', email: 'calm@acme.example', email_verified: true };
  remove = await useActions(stage.instance, 'post-login', { name: 'calm', code: handler('') });
  expect(answerOf(await stage.visitor().throughSso('calm', 'calm@acme.example')).code).toBeDefined();
});

test('case=lost-module: an Action whose module is not stored any more lets nobody in, although it catches that', async () => {
  stage.cast.people.rita = { sub: 'idp-rita', email: 'rita@acme.example', email_verified: true };
  const rules = { name: 'rules', code: 'let asked = 0; exports.ask = () => (asked += 1);' };
  const modules = [await createModule(stage.instance, rules)];
  const code = handler('try { api.idToken.setCustomClaim("asked", require("actions:rules").ask()); } catch {}');
  remove = await useActions(stage.instance, 'post-login', { name: 'careless', code, modules });
  for (let turn = 0; turn < 2; turn += 1) {
    const visitor = stage.visitor();
    const answer = await visitor.throughSso('rita', 'rita@acme.example');
    expect((await visitor.redeem(answer)).claims.asked, 'nothing is kept in the module').toBe(1);
  }
  await stage.instance.database.pool.query('delete from action_modules');
  await stage.instance.database.pool.query(`update tenant set actions_revision = 'another'`);
  const before = await stage.instance.snapshot();
  const visit = await stage.visitor().throughSso('rita', 'rita@acme.example');
  expect(answerOf(visit).error).toBe('access_denied');
  const { description, details } = await stage.refusal(visit);
  expect(description).toMatch(/a module/);
  expect(details).toMatchObject({ code: 'act.failed', detail: expect.stringContaining('(rules, version 1)') });
  await expectNothingLeft(stage.instance, before);
});
