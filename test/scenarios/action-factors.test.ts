/**
 * Actions that ask for second factors: at the end of the login, and between two Actions. Only the server's own check
 * passes a factor; what an Action asks for is asked of everybody, however they come back.
 */
import { TOTP } from 'otpauth';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { setOrder, useActions } from '../support/actions.js';
import { PASSWORD, type Visitor } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import type { Visit } from '../support/http-browser.js';
import { createManualClock } from '../support/manual-clock.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
const MULTI_FACTOR = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';

let remove: (() => Promise<void>) | undefined;
const sql = async (text: string, values: unknown[] = []) =>
  (await stage.instance.database.pool.query(text, values)).rows as Record<string, unknown>[];
const accept = (factors: Record<string, boolean>, policies: string[] = []) =>
  sql('update tenant set guardian = $1', [JSON.stringify({ factors, policies })]);
const ALL = { otp: true, 'recovery-code': true, 'webauthn-roaming': true };

beforeAll(() => accept(ALL));
const unbind = async () => {
  await remove?.();
  remove = undefined;
};

afterEach(async () => {
  await unbind();
  await setOrder(stage.instance, 'after_actions');
  await accept(ALL);
  await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { mfa: 'none' });
});

/** Binds Actions of these handlers, in this order. */
async function bind(...bodies: string[]): Promise<void> {
  await unbind();
  const sources = bodies.map((body, index) => ({
    name: `action ${index}`,
    code: `exports.onExecutePostLogin = async (event, api) => {\n${body}\n};`,
  }));
  const [first, ...others] = sources;
  if (first) remove = await useActions(stage.instance, 'post-login', first, ...others);
}

const tell = (name: string, value: string) => `api.idToken.setCustomClaim('https://n.example/${name}', ${value});`;
const METHODS = tell(
  'methods',
  'event.authentication.methods.map(({ name, type }) => [name, type].filter(Boolean).join(" "))',
);
const ENROLLED = tell('enrolled', 'event.user.enrolledFactors.map(({ type }) => type)');

const secretOf = (page: Visit) => /data-copy="([A-Z2-7]{32})"/.exec(page.text)?.[1] ?? '';
const recoveryOf = (page: Visit) => /data-copy="([A-Z0-9]{24})"/.exec(page.text)?.[1] ?? '';
function codeOf(secret: string): string {
  clock.advanceMs(30_000);
  return new TOTP({ secret }).generate({ timestamp: clock.now().getTime() });
}

/** Sets up an app on the page of a login, and writes down the recovery code. */
async function enrol(visitor: Visitor, page: Visit) {
  expect(page.url.pathname).toBe('/u/second-factor');
  const secret = secretOf(page);
  const shown = await visitor.browser.submit(page, { code: codeOf(secret) });
  const recovery = recoveryOf(shown);
  return { secret, recovery, end: recovery === '' ? shown : await visitor.browser.submit(shown, {}) };
}

let made = 0;
/** A person of the organization who has an app and a recovery code. */
async function personWithFactors() {
  made += 1;
  const email = `factor${made}@plain.example`;
  const userId = await stage.cast.createMember(email);
  await bind("api.authentication.enrollWith({ type: 'otp' });");
  const visitor = stage.visitor();
  const { secret, recovery, end } = await enrol(visitor, await visitor.withPassword(email));
  await visitor.redeem(end);
  await unbind();
  return { email, userId, secret, recovery };
}

describe('multifactor.enable', () => {
  test('asks at the end; a session does not suffice, and the Action may look at it', async () => {
    const { email, secret, userId } = await personWithFactors();
    await bind("api.multifactor.enable('any');", METHODS);
    const visitor = stage.visitor();
    const page = await visitor.withPassword(email);
    expect(page.url.pathname).toBe('/u/second-factor');
    expect(page.text).not.toContain('name="remember"');
    const { claims } = await visitor.redeem(await visitor.browser.submit(page, { code: codeOf(secret) }));
    expect(claims).toMatchObject({ sub: userId, amr: ['mfa'], 'https://n.example/methods': ['pwd'] });
    expect((await visitor.open()).url.pathname, 'asked again in the session').toBe('/u/second-factor');
    expect(answerOf(await visitor.open({ prompt: 'none' })).error).toBe('login_required');
    await bind(
      `if (!event.authentication.methods.some(({ name }) => name === 'mfa')) api.multifactor.enable('guardian');`,
      METHODS,
    );
    const again = await visitor.redeem(await visitor.open({ prompt: 'none' }));
    expect(again.claims['https://n.example/methods']).toEqual(['pwd', 'mfa otp']);
  });

  test('offers to remember the browser only where the Action allows it', async () => {
    const { email } = await personWithFactors();
    await bind("api.multifactor.enable('any', { allowRememberBrowser: true });");
    expect((await stage.visitor().withPassword(email)).text).toContain('name="remember"');
  });

  test('"none" replaces the policy of the tenant, and nothing that an organization asks for', async () => {
    const { email, userId } = await personWithFactors();
    await accept(ALL, ['all-applications']);
    await bind("api.multifactor.enable('none');");
    const visitor = stage.visitor();
    expect((await visitor.redeem(await visitor.withPassword(email))).claims.sub).toBe(userId);
    const asked = await stage.visitor().withPassword(email, PASSWORD, { acr_values: MULTI_FACTOR });
    expect(asked.url.pathname, 'the application asks').toBe('/u/second-factor');
    await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { mfa: 'required' });
    await stage.cast.createMember('none@acme.example');
    expect((await stage.visitor().withPassword('none@acme.example')).url.pathname).toBe('/u/second-factor');
  });

  test('the last Action’s word counts', async () => {
    const { email } = await personWithFactors();
    await bind("api.multifactor.enable('any');", "api.multifactor.enable('none');");
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword(email));
    await bind("api.multifactor.enable('none');", "api.multifactor.enable('google-authenticator');");
    expect((await stage.visitor().withPassword(email)).url.pathname).toBe('/u/second-factor');
  });
});

describe('commands between Actions', () => {
  test('later Actions wait, and read the passed factor; the first one does not run again', async () => {
    const { email, secret, userId } = await personWithFactors();
    await bind(
      `api.user.setAppMetadata('runs', (event.user.app_metadata.runs ?? 0) + 1);
       api.authentication.challengeWith({ type: 'otp' }, { additionalFactors: [{ type: 'phone' }] });`,
      `${METHODS} ${ENROLLED} ${tell('multifactor', 'event.user.multifactor')}`,
    );
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    const page = await visitor.withPassword(email);
    expect(page.url.pathname).toBe('/u/second-factor');
    await expectNothingLeft(stage.instance, before, 'secret');
    const { claims } = await visitor.redeem(await visitor.browser.submit(page, { code: codeOf(secret) }));
    expect(claims).toMatchObject({
      sub: userId,
      amr: ['mfa'],
      'https://n.example/methods': ['pwd', 'mfa otp'],
      'https://n.example/enrolled': ['otp', 'recovery-code'],
      'https://n.example/multifactor': ['guardian'],
    });
    expect(await stage.instance.api('GET', `/users/${encodeURIComponent(userId)}`)).toMatchObject({
      app_metadata: { runs: 1 },
    });
    const mine = (await stage.logs()).filter((line) => line.user_id === userId).map(({ type }) => type);
    expect(mine).toEqual(expect.arrayContaining(['s', 'gd_auth_succeed', 'w']));
  });

  test('two commands ask for two factors; each answer is claimed, and none counts twice', async () => {
    const { email, secret, recovery, userId } = await personWithFactors();
    const types = "[{ type: 'otp' }, { type: 'recovery-code' }]";
    await bind(
      `api.authentication.challengeWithAny(${types});`,
      `api.authentication.challengeWithAny(${types});`,
      METHODS,
    );
    const visitor = stage.visitor();
    const code = codeOf(secret);
    const second = await visitor.browser.submit(await visitor.withPassword(email), { code });
    expect(wordsOf(second)).toContain('recovery code');
    const wrong = await visitor.browser.submit(second, { code });
    expect(wrong.status).toBe(400);
    const shown = await visitor.browser.submit(wrong, { code: recovery });
    expect(recoveryOf(shown)).not.toBe('');
    const { claims } = await visitor.redeem(await visitor.browser.submit(shown, {}));
    expect(claims['https://n.example/methods']).toEqual(['pwd', 'mfa otp', 'mfa recovery-code']);
    const [row] = await sql("select last_step from factors where user_id = $1 and kind = 'otp'", [userId]);
    expect(Number(row?.last_step)).toBe(Math.floor(clock.now().getTime() / 30_000));
  });

  test('a factor is set up once; the next Action sees it before it is written', async () => {
    const email = 'newcomer@plain.example';
    await stage.cast.createMember(email);
    await bind(
      "if (event.user.enrolledFactors.length === 0) api.authentication.enrollWithAny([{ type: 'otp' }, { type: 'phone' }]);",
      `api.authentication.challengeWith({ type: 'otp' });`,
      `${METHODS} ${ENROLLED}`,
    );
    const visitor = stage.visitor();
    const { end } = await enrol(visitor, await visitor.withPassword(email));
    const { claims } = await visitor.redeem(end);
    expect(claims).toMatchObject({
      'https://n.example/methods': ['pwd', 'mfa otp'],
      'https://n.example/enrolled': ['otp'],
    });
  });

  test('the organization’s own rule is satisfied by the factor, or asked for at the end', async () => {
    const email = 'both@acme.example';
    await stage.cast.createMember(email);
    await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { mfa: 'required' });
    await bind("api.authentication.enrollWith({ type: 'otp' });");
    const visitor = stage.visitor();
    const { end, secret } = await enrol(visitor, await visitor.withPassword(email));
    await visitor.redeem(end);
    const other = stage.visitor();
    const page = await other.withPassword(email);
    expect(page.url.pathname, 'set up already: the organization asks').toBe('/u/second-factor');
    await other.redeem(await other.browser.submit(page, { code: codeOf(secret) }));
  });

  test('Auth0’s order: the membership is written, the login waits for the factor', async () => {
    const { email, secret } = await personWithFactors();
    await setOrder(stage.instance, 'before_actions');
    await bind("api.authentication.challengeWith({ type: 'otp' });", METHODS);
    const visitor = stage.visitor();
    const page = await visitor.withPassword(email);
    const { claims } = await visitor.redeem(await visitor.browser.submit(page, { code: codeOf(secret) }));
    expect(claims['https://n.example/methods']).toEqual(['pwd', 'mfa otp']);
  });

  test.each([
    [
      'a challenge of a factor that nobody has',
      "challengeWith({ type: 'webauthn-roaming' })",
      /An MFA challenge is used/,
    ],
    ['a challenge of factors that are not here', "challengeWithAny([{ type: 'phone' }])", /An MFA challenge is used/],
    ['a new factor that is not here', "enrollWith({ type: 'push-notification' })", /An MFA enrollment is used/],
    ['a new factor without a passed one', "enrollWith({ type: 'webauthn-roaming' })", /Challenge the user/],
  ])('%s refuses the login, as on Auth0', async (_what, call, text) => {
    const { email } = await personWithFactors();
    await bind(`api.authentication.${call};`);
    const before = await stage.instance.snapshot();
    const visit = await stage.visitor().withPassword(email);
    expect(answerOf(visit)).toMatchObject({ error: 'access_denied', error_description: expect.stringMatching(text) });
    const line = await stage.refusal(visit);
    expect([line.type, line.details.code]).toEqual(['mfar', 'act.factors']);
    await expectNothingLeft(stage.instance, before, 'secret');
  });

  test('under prompt=none nobody can be asked', async () => {
    const { email } = await personWithFactors();
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword(email));
    await bind("api.authentication.challengeWith({ type: 'otp' });");
    expect(answerOf(await visitor.open({ prompt: 'none' })).error).toBe('login_required');
  });
});

describe('nobody gets past a factor that an Action asked for', () => {
  test('visiting /continue, or the page of another login, changes nothing', async () => {
    const { email } = await personWithFactors();
    const other = await personWithFactors();
    await bind("api.authentication.challengeWith({ type: 'otp' });", "api.access.deny('later Action');");
    const visitor = stage.visitor();
    const page = await visitor.withPassword(email);
    const state = page.url.searchParams.get('state') ?? '';
    const skipped = await visitor.browser.visit(`${stage.instance.origin}/continue?state=${state}`);
    expect(skipped.status).toBe(400);
    const posted = await visitor.browser.visit(`${stage.instance.origin}/continue?state=${state}`, {
      method: 'POST',
      body: new URLSearchParams({ answer: 'x' }),
    });
    const [relayed] = posted.forms;
    if (!relayed) throw new Error('no form');
    const sent = await visitor.browser.visit(relayed.action, {
      method: 'POST',
      body: new URLSearchParams(relayed.fields),
    });
    expect(sent.status).toBe(400);
    const stranger = stage.visitor();
    const theirs = await stranger.withPassword(other.email);
    const wrongPage = await visitor.browser.visit(theirs.url.href);
    expect(wrongPage.status).toBe(400);
    const code = codeOf(other.secret);
    const wrongCode = await visitor.browser.submit(await visitor.browser.visit(page.url.href), { code });
    expect(wrongCode.status, 'the code of another account').toBe(400);
  });

  test('a factor that the account lost meanwhile does not count: the login is refused', async () => {
    const { email, secret, userId } = await personWithFactors();
    await bind(
      "api.authentication.challengeWith({ type: 'otp' });",
      "api.authentication.challengeWith({ type: 'recovery-code' });",
    );
    const visitor = stage.visitor();
    const second = await visitor.browser.submit(await visitor.withPassword(email), { code: codeOf(secret) });
    expect(wordsOf(second)).toContain('recovery code');
    await sql('update users set factors_revision = factors_revision + 1 where user_id = $1', [userId]);
    const visit = await visitor.browser.submit(second, { code: 'A'.repeat(24) });
    expect((await stage.refusal(visit)).details.code).toBe('commit.conflict');
  });

  test('another account in the browser does not go on with the factor of the first', async () => {
    const first = await personWithFactors();
    const other = await personWithFactors();
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword(first.email));
    await bind("api.authentication.challengeWith({ type: 'otp' });", METHODS);
    const page = await visitor.open();
    expect(page.url.pathname).toBe('/u/second-factor');
    await unbind();
    // The login is answered by the browser's session, which is now that of somebody else.
    await visitor.redeem(await visitor.withPassword(other.email, PASSWORD, { prompt: 'login' }));
    await bind("api.authentication.challengeWith({ type: 'otp' });", METHODS);
    const visit = await visitor.browser.submit(page, { code: codeOf(first.secret) });
    expect(answerOf(visit).code).toBeUndefined();
  });

  test('one code in two logins at once: one gets in', async () => {
    const { email, secret } = await personWithFactors();
    await bind("api.authentication.challengeWith({ type: 'otp' });", "api.user.setAppMetadata('in', true);");
    const visitors = [stage.visitor(), stage.visitor()];
    const pages: Visit[] = [];
    for (const visitor of visitors) pages.push(await visitor.withPassword(email));
    const code = codeOf(secret);
    const ends = await Promise.all(
      visitors.map((visitor, index) => visitor.browser.submit(pages[index] as Visit, { code })),
    );
    expect(ends.filter((end) => end.url.searchParams.has('code'))).toHaveLength(1);
  });

  test('Actions that were deployed meanwhile do not go on in the place of the first ones', async () => {
    const { email, secret } = await personWithFactors();
    await bind("api.authentication.challengeWith({ type: 'otp' });", "api.access.deny('guard');");
    const visitor = stage.visitor();
    const page = await visitor.withPassword(email);
    await bind("api.authentication.challengeWith({ type: 'otp' });");
    const visit = await visitor.browser.submit(page, { code: codeOf(secret) });
    expect((await stage.refusal(visit)).details.code).toBe('act.failed');
  });

  test('the Action behind the factor runs, and may refuse; the answer is not claimed then', async () => {
    const { email, secret } = await personWithFactors();
    await bind("api.authentication.challengeWith({ type: 'otp' });", "api.access.deny('not you');");
    const visitor = stage.visitor();
    const page = await visitor.withPassword(email);
    const before = await stage.instance.snapshot();
    const visit = await visitor.browser.submit(page, { code: codeOf(secret) });
    expect(answerOf(visit).error_description).toBe('not you');
    const { attempt_counters: _counted, ...changed } = diffSnapshots(before, await stage.instance.snapshot());
    expect(Object.keys(changed)).toEqual(['logs']);
  });

  test('a fifth command refuses the login, also when the Action catches the exception', async () => {
    const { email } = await personWithFactors();
    const call = "api.authentication.challengeWith({ type: 'otp' });";
    await bind(`${call.repeat(4)} try { ${call} } catch {}`);
    const visit = await stage.visitor().withPassword(email);
    expect(answerOf(visit).error_description).toContain('at most 4 commands');
  });

  test('a redirect in the same Action refuses the login, because neither may be skipped', async () => {
    const { email } = await personWithFactors();
    await bind(
      "api.authentication.challengeWith({ type: 'otp' }); api.redirect.sendUserTo('https://elsewhere.example');",
    );
    const visit = await stage.visitor().withPassword(email);
    expect((await stage.refusal(visit)).details.code).toBe('act.not_available');
  });
});

test('a refresh for which an Action asks for a factor is refused with mfa_required, and rotates nothing', async () => {
  const { email } = await personWithFactors();
  const visitor = stage.visitor();
  const { refreshToken } = await visitor.redeem(await visitor.withPassword(email));
  const { client } = stage.cast;
  const refresh = async () => {
    const body = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: client.id };
    const form = new URLSearchParams({ ...body, client_secret: client.secret });
    const answer = await fetch(`${stage.instance.origin}/oauth/token`, { method: 'POST', body: form });
    return { status: answer.status, body: await answer.json() };
  };
  for (const call of ["api.multifactor.enable('any');", "api.authentication.challengeWith({ type: 'otp' });"]) {
    await bind(call);
    const answer = await refresh();
    expect([answer.status, answer.body]).toMatchObject([
      403,
      { error: 'mfa_required', error_description: 'Multifactor authentication required' },
    ]);
  }
  await bind("api.multifactor.enable('none');");
  expect((await refresh()).status).toBe(200);
});

test('a factor passed for a refresh lets the next Action run from its beginning, and fulfils only its own kind', async () => {
  const { email, secret } = await personWithFactors();
  const visitor = stage.visitor();
  const { refreshToken } = await visitor.redeem(await visitor.withPassword(email));
  const { client } = stage.cast;
  await sql('update clients set grant_types = grant_types || $2::text[] where client_id = $1', [
    client.id,
    ['http://auth0.com/oauth/grant-type/mfa-otp'],
  ]);
  const post = async (fields: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: client.id, client_secret: client.secret, ...fields });
    return (await fetch(`${stage.instance.origin}/oauth/token`, { method: 'POST', body })).json() as Promise<
      Record<string, string>
    >;
  };
  const exchange = async () => {
    const refused = await post({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expect(refused.error).toBe('mfa_required');
    const grant_type = 'http://auth0.com/oauth/grant-type/mfa-otp';
    return post({ grant_type, mfa_token: refused.mfa_token ?? '', otp: codeOf(secret) });
  };
  await bind("api.authentication.challengeWith({ type: 'webauthn-roaming' });", tell('ran', "'second'"));
  expect((await exchange()).id_token).toBeUndefined();
  await bind("api.authentication.challengeWith({ type: 'otp' });", tell('ran', "'second'"));
  const { id_token = '..' } = await exchange();
  const claims = JSON.parse(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString() || '{}');
  expect(claims['https://n.example/ran']).toBe('second');
});
