/** The other noes of Actions: what is not there yet, a registration denied, a primary user that is not his, no free process. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { bindActions, deployAction, setOrder, useActions } from '../support/actions.js';
import { PASSWORD } from '../support/cast.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

const stage = useStage({ environment: { VESTIBULE_ACTIONS_PROCESSES: '1', VESTIBULE_ACTIONS_TIMEOUT: '2' } });
let remove: (() => Promise<void>) | undefined;
afterEach(async () => {
  await remove?.();
  remove = undefined;
  await setOrder(stage.instance, 'after_actions');
});

const handler = (body: string) => `exports.onExecutePostLogin = async (event, api) => {\n${body}\n};`;

test.each(['api.multifactor.enable("duo");', 'api.prompt.render("ap_terms");'])(
  'act.not_available: %s never passes silently, since it would skip what was asked for',
  async (body) => {
    const email = `m${createHash('sha256').update(body).digest('hex').slice(0, 8)}@plain.example`;
    await stage.cast.createMember(email);
    remove = await useActions(stage.instance, 'post-login', { name: 'second factor', code: handler(body) });
    const before = await stage.instance.snapshot();
    const visit = await stage.visitor().withPassword(email);
    expect(answerOf(visit).error).toBe('access_denied');
    const line = await stage.refusal(visit);
    expect(line.details.code).toBe('act.not_available');
    await expectNothingLeft(stage.instance, before, 'secret');
  },
);

test('act.primary_user: an Action cannot lend the account of somebody else', async () => {
  const other = await stage.cast.createMember('owner@plain.example');
  await stage.cast.createMember('thief@plain.example');
  const code = handler(`api.authentication.setPrimaryUser(${JSON.stringify(other)});`);
  remove = await useActions(stage.instance, 'post-login', { name: 'primary', code });
  const before = await stage.instance.snapshot();
  const visit = await stage.visitor().withPassword('thief@plain.example');
  expect(answerOf(visit).error).toBe('access_denied');
  expect((await stage.refusal(visit)).details.code).toBe('act.primary_user');
  await expectNothingLeft(stage.instance, before, 'secret');
});

describe.each(['after_actions', 'before_actions'] as const)('pre-user-registration, %s', (order) => {
  const suffix = order === 'after_actions' ? 'a' : 'b';
  const signUp = async (email: string) => {
    const visitor = stage.visitor();
    const invitation = await stage.cast.invite(email, { connectionId: stage.cast.databaseId });
    const before = await stage.instance.snapshot();
    const page = await visitor.accept(invitation);
    return { visitor, before, visit: await visitor.browser.submit(page, { password: PASSWORD }) };
  };

  test('act.registration_denied: the person reads what the Action says to him, the log what it says to the administrator', async () => {
    const code = `exports.onExecutePreUserRegistration = async (event, api) => {
      if (event.user.email.startsWith('spam')) return api.access.deny('on the list', 'We do not open accounts for you.');
    };`;
    remove = await useActions(stage.instance, 'pre-user-registration', { name: 'no spam', code });
    await setOrder(stage.instance, order);
    const { before, visit } = await signUp(`spam${suffix}@plain.example`);
    expect(wordsOf(visit)).toContain('We do not open accounts for you.');
    const line = await stage.refusal(visit);
    expect(line.details).toMatchObject({ code: 'act.registration_denied', detail: 'on the list' });
    await expectNothingLeft(stage.instance, before, 'secret');
  });

  test('metadata that it sets are the new account’s, and post-login sees them', async () => {
    remove = await useActions(stage.instance, 'pre-user-registration', {
      name: 'plan',
      code: `exports.onExecutePreUserRegistration = async (event, api) => { api.user.setAppMetadata('plan', 'free'); };`,
    });
    const id = await deployAction(stage.instance, {
      name: `claims ${suffix}`,
      code: handler(`api.idToken.setCustomClaim('https://n.example/plan', event.user.app_metadata.plan);`),
    });
    await bindActions(stage.instance, 'post-login', [id]);
    await setOrder(stage.instance, order);
    const { visitor, visit } = await signUp(`good${suffix}@plain.example`);
    const { claims } = await visitor.redeem(visit);
    await bindActions(stage.instance, 'post-login', []);
    expect(claims['https://n.example/plan']).toBe('free');
    const user = await stage.instance.api('GET', `/users/${encodeURIComponent(String(claims.sub))}`);
    expect(user).toMatchObject({ app_metadata: { plan: 'free' }, logins_count: 1 });
  });
});

test('act.busy: the only process is taken, so the next one is told to try again in a minute', async () => {
  await stage.cast.createMember('busy@plain.example');
  const wait = handler('await new Promise((resolve) => setTimeout(resolve, 60_000));');
  remove = await useActions(stage.instance, 'post-login', { name: 'slow', code: wait });
  const visits = await Promise.all([1, 2, 3].map(() => stage.visitor().withPassword('busy@plain.example')));
  const codes: string[] = [];
  for (const visit of visits) codes.push((await stage.refusal(visit)).details.code ?? '');
  expect(codes).toContain('act.busy');
  expect(codes).toContain('act.failed');
  const told = visits.filter((visit) => visit.status === 503);
  expect(told.length).toBeGreaterThan(0);
  expect(wordsOf(told[0] as (typeof visits)[0])).toContain('Try again in a minute');
});

test('act.denied with session.revoke: the session of the browser ends with it', async () => {
  await stage.cast.createMember('bob@plain.example');
  const bob = stage.visitor();
  await bob.redeem(await bob.withPassword('bob@plain.example'));
  remove = await useActions(stage.instance, 'post-login', {
    name: 'revoke',
    code: handler("api.session.revoke('too old');"),
  });
  const visit = await bob.open();
  expect(answerOf(visit)).toMatchObject({ error: 'access_denied', error_description: 'too old' });
  expect((await stage.refusal(visit)).details.code).toBe('act.denied');
  await remove();
  remove = undefined;
  expect((await bob.open()).url.pathname, 'he has to sign in again').toBe('/u/login/identifier');
});
