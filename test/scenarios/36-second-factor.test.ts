/**
 * Story 36: a second factor at sign-in. The organization or the tenant asks for one; the person sets it up or passes it in
 * the same login, and a login that is refused leaves none.
 */
import { TOTP } from 'otpauth';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAuthenticator } from '../support/authenticator.js';
import { PASSWORD, type Visitor } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import type { Visit } from '../support/http-browser.js';
import { createManualClock } from '../support/manual-clock.js';
import { answerOf, linkOf, useStage, wordsOf } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });

const sql = async (text: string, values: unknown[] = []) =>
  (await stage.instance.database.pool.query(text, values)).rows as Record<string, unknown>[];
const accept = (factors: Record<string, boolean>, policies: string[] = []) =>
  sql('update tenant set guardian = $1', [JSON.stringify({ factors, policies })]);
const acme = (changes: Record<string, unknown>) =>
  stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, changes);

/** The secret that the page shows for an authenticator app. */
function secretOf(page: Visit): string {
  const found = /data-copy="([A-Z2-7]{32})"/.exec(page.text)?.[1];
  if (found === undefined) throw new Error(`no secret on the page: ${wordsOf(page)}`);
  return found;
}

const recoveryCodeOf = (page: Visit) => /data-copy="([A-Z0-9]{24})"/.exec(page.text)?.[1];
const codeOf = (secret: string) => new TOTP({ secret }).generate({ timestamp: clock.now().getTime() });

/** Sets up an authenticator app on the page, and confirms the recovery code. */
async function enrol(visitor: Visitor, page: Visit) {
  const secret = secretOf(page);
  const shown = await visitor.browser.submit(page, { code: codeOf(secret) });
  const recovery = recoveryCodeOf(shown);
  const end = recovery === undefined ? shown : await visitor.browser.submit(shown, {});
  return { secret, recovery, end };
}

describe('an organization that requires a factor of its members with passwords', () => {
  let userId: string;
  let secret: string;
  let recovery: string | undefined;

  beforeAll(async () => {
    userId = await stage.cast.createMember('fay@acme.example');
    await accept({ otp: true, 'recovery-code': true });
    await acme({ mfa: 'required' });
  });

  test('the first sign-in sets up an app; the code and the recovery code are written with the login', async () => {
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    const page = await visitor.withPassword('fay@acme.example');
    expect(page.url.pathname).toBe('/u/second-factor');
    const { attempt_counters: _counted, ...changed } = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed).toEqual({});
    const made = await enrol(visitor, page);
    ({ secret, recovery } = made);
    expect(recovery).toMatch(/^[A-Z0-9]{24}$/);
    const { claims } = await visitor.redeem(made.end);
    expect(claims).toMatchObject({ sub: userId, amr: ['mfa'] });
    const rows = await sql(
      'select kind, confirmed_at, secret_sealed, code_hash from factors where user_id = $1 order by kind',
      [userId],
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['otp', 'recovery-code']);
    const [mail] = (await stage.instance.mail()).filter(({ mail }) => mail.template === 'factor_changed');
    expect(mail?.mail).toMatchObject({ to: 'fay@acme.example', model: { change: 'added', factor: 'otp' } });
    expect(await sql('select factors_revision from users where user_id = $1', [userId])).toEqual([
      { factors_revision: 1 },
    ]);
  });

  test('the confirming code does not sign in again; the next one does', async () => {
    const visitor = stage.visitor();
    const page = await visitor.withPassword('fay@acme.example');
    expect(wordsOf(page)).toContain('Enter the code');
    const again = await visitor.browser.submit(page, { code: codeOf(secret) });
    expect(again.status).toBe(400);
    expect(wordsOf(again)).toContain('4 tries are left');
    clock.advanceMs(30_000);
    const { claims } = await visitor.redeem(await visitor.browser.submit(again, { code: codeOf(secret) }));
    expect(claims).toMatchObject({ sub: userId, amr: ['mfa'] });
  });

  test('the session remembers the factor; a silent sign-in needs none', async () => {
    clock.advanceMs(60_000);
    const visitor = stage.visitor();
    const page = await visitor.withPassword('fay@acme.example');
    await visitor.redeem(await visitor.browser.submit(page, { code: codeOf(secret) }));
    const silent = await visitor.redeem(await visitor.open({ prompt: 'none' }));
    expect(silent.claims.sub).toBe(userId);
    expect(silent.claims.amr).toBeUndefined();
  });

  test('a recovery code signs in once and is replaced', async () => {
    const visitor = stage.visitor();
    const page = await visitor.withPassword('fay@acme.example');
    const other = await visitor.browser.visit(linkOf(page, 'Use a recovery code'));
    const shown = await visitor.browser.submit(other, { code: recovery?.toLowerCase() ?? '' });
    const next = recoveryCodeOf(shown);
    expect(next).not.toBe(recovery);
    await visitor.redeem(await visitor.browser.submit(shown, {}));
    const second = stage.visitor();
    const again = await second.browser.visit(
      linkOf(await second.withPassword('fay@acme.example'), 'Use a recovery code'),
    );
    expect((await second.browser.submit(again, { code: recovery ?? '' })).status).toBe(400);
  });

  test('five wrong codes end the login and leave one line', async () => {
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    let page = await visitor.withPassword('fay@acme.example');
    for (let time = 0; time < 5; time++) page = await visitor.browser.submit(page, { code: '000000' });
    expect(page.status).toBe(403);
    expect((await stage.refusal(page)).details.code).toBe('authenticate.factor_failed');
    const { attempt_counters: _counted, ...changed } = diffSnapshots(before, await stage.instance.snapshot());
    expect(Object.keys(changed)).toEqual(['logs']);
  });

  test('a phone whose clock is slow: the log says so, and the page does not', async () => {
    await sql('delete from attempt_counters');
    const visitor = stage.visitor();
    let page = await visitor.withPassword('fay@acme.example');
    const slow = () => new TOTP({ secret }).generate({ timestamp: clock.now().getTime() - 5 * 60_000 });
    page = await visitor.browser.submit(page, { code: slow() });
    expect(page.status).toBe(400);
    expect(page.text).not.toMatch(/seconds|clock/i);
    for (let time = 0; time < 4; time++) page = await visitor.browser.submit(page, { code: slow() });
    expect(page.status).toBe(403);
    expect(page.text).not.toMatch(/seconds|clock/i);
    expect(JSON.stringify((await stage.refusal(page)).details.trace)).toContain('the code is 300 seconds old');
    await sql('delete from attempt_counters');
  });

  test('under prompt=none nobody can be asked', async () => {
    const visitor = stage.visitor();
    await acme({ mfa: 'none' });
    await visitor.redeem(await visitor.withPassword('fay@acme.example'));
    await acme({ mfa: 'required' });
    expect(answerOf(await visitor.open({ prompt: 'none' })).error).toBe('login_required');
  });
});

describe('an organization that accepts passkeys and security keys', () => {
  const answerTo = (page: Visit, how: 'create' | 'get') => {
    const found = new RegExp(`data-passkey-${how}="([^"]+)"`).exec(page.text)?.[1];
    if (found === undefined) throw new Error(`the page asks no authenticator: ${wordsOf(page)}`);
    return found.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  };

  beforeAll(async () => {
    await stage.cast.createMember('kay@acme.example');
    await accept({ 'webauthn-platform': true, 'webauthn-roaming': true, otp: true });
    await acme({ mfa: 'required' });
  });

  test('a passkey is made in the first sign-in, and passes the next', async () => {
    const { hostname, origin } = new URL(stage.instance.origin);
    const authenticator = createAuthenticator({ origin, rpId: hostname });
    const visitor = stage.visitor();
    const page = await visitor.withPassword('kay@acme.example');
    const made = authenticator.create(answerTo(page, 'create'));
    expect((await visitor.redeem(await visitor.browser.submit(page, { answer: made }))).claims.amr).toEqual(['mfa']);
    const again = stage.visitor();
    const asked = await again.withPassword('kay@acme.example');
    const answer = authenticator.get(answerTo(asked, 'get'));
    const refused = await again.browser.submit(asked, { answer: '{}' });
    expect([refused.status, wordsOf(refused)]).toEqual([400, expect.stringContaining('That did not work.')]);
    expect(wordsOf(refused)).toContain('4 tries are left.');
    await again.redeem(await again.browser.submit(asked, { answer }));
    const [row] = await sql("select kind, last_used_at from factors where kind = 'passkey'");
    expect(row?.kind).toBe('passkey');
  });
});

describe('an account with a factor that a company’s sign-in finds by its address', () => {
  test('it is asked for the factor before the identity is bound', async () => {
    await accept({ otp: true });
    await acme({ mfa: 'required' });
    const userId = await stage.cast.createMember('dana@acme.example');
    const visitor = stage.visitor();
    const { secret, end } = await enrol(visitor, await visitor.withPassword('dana@acme.example'));
    await visitor.redeem(end);
    await acme({ mfa: 'none' });
    clock.advanceMs(60_000);
    const other = stage.visitor();
    const page = await other.throughSso('dana', 'dana@acme.example');
    expect(page.url.pathname).toBe('/u/second-factor');
    const bound = () =>
      sql('select 1 from identities where user_id = $1 and connection_id = $2', [userId, stage.cast.acme.connectionId]);
    expect(await bound()).toEqual([]);
    const { claims } = await other.redeem(await other.browser.submit(page, { code: codeOf(secret) }));
    expect(claims.sub).toBe(userId);
    expect(await bound()).toHaveLength(1);
    // Bound now: the next sign-in through the company needs none.
    const next = stage.visitor();
    expect((await next.redeem(await next.throughSso('dana', 'dana@acme.example'))).claims.sub).toBe(userId);
  });
});

describe('a remembered browser', () => {
  let secret: string;
  const code = () => {
    clock.advanceMs(30_000);
    return codeOf(secret);
  };

  beforeAll(async () => {
    await accept({ otp: true });
    await acme({ mfa: 'required' });
    await stage.cast.createMember('rae@acme.example');
    const visitor = stage.visitor();
    const made = await enrol(visitor, await visitor.withPassword('rae@acme.example'));
    secret = made.secret;
    await visitor.redeem(made.end);
  });

  /** Signs in again: the browser has a session by now. */
  const again = (visitor: Visitor, email: string, parameters = {}) =>
    visitor.withPassword(email, PASSWORD, { prompt: 'login', ...parameters });

  test('is not asked again for 30 days, until the factors change', async () => {
    const visitor = stage.visitor();
    const page = await visitor.withPassword('rae@acme.example');
    await visitor.redeem(await visitor.browser.submit(page, { code: code(), remember: 'on' }));
    const { claims } = await visitor.redeem(await again(visitor, 'rae@acme.example'));
    expect(claims.amr).toBeUndefined();
    await sql("update users set factors_revision = factors_revision + 1 where email = 'rae@acme.example'");
    expect((await again(visitor, 'rae@acme.example')).url.pathname).toBe('/u/second-factor');
  });

  test('of one person asks another', async () => {
    await stage.cast.createMember('ray@acme.example');
    const visitor = stage.visitor();
    const page = await visitor.withPassword('rae@acme.example');
    await visitor.redeem(await visitor.browser.submit(page, { code: code(), remember: 'on' }));
    expect(wordsOf(await again(visitor, 'ray@acme.example'))).toContain('Set up a second step');
  });

  test('does not satisfy an application that asks for a factor (step-up)', async () => {
    const visitor = stage.visitor();
    const page = await visitor.withPassword('rae@acme.example');
    await visitor.redeem(await visitor.browser.submit(page, { code: code(), remember: 'on' }));
    const acr = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';
    const asked = await again(visitor, 'rae@acme.example', { acr_values: acr });
    expect(asked.url.pathname).toBe('/u/second-factor');
  });
});
