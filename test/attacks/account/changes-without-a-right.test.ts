/**
 * Attacks on changes of how an account signs in, by the page and by the API: another person's factor, a session without a
 * fresh proof, a company's session, a form of another site, the last factor under a policy, and a proof from before a
 * reset. None of them writes anything.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { idsOf, openAccount, post, press, secretOf, totpOf } from '../../support/account-page.js';
import { PASSWORD, type Visitor } from '../../support/cast.js';
import { createManualClock } from '../../support/manual-clock.js';
import { METHODS_PATH, me, methodPath, myToken, registerMyAccount } from '../../support/my-account.js';
import { useStage, wordsOf } from '../../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
const sql = async (text: string, values: unknown[] = []) =>
  (await stage.instance.database.pool.query(text, values)).rows as Record<string, unknown>[];
const factorsOf = (userId: string) => sql('select id, kind from factors where user_id = $1 order by id', [userId]);

const guardian = (policies: string[] = []) => {
  const factors = { otp: true, 'webauthn-platform': true, 'recovery-code': true };
  return sql('update tenant set guardian = $1', [JSON.stringify({ factors, policies })]);
};

beforeAll(() => registerMyAccount(stage));
beforeEach(() => guardian());

interface Enrolled {
  readonly email: string;
  readonly userId: string;
  readonly secret: string;
  readonly appId: string;
}

/** A member with an authenticator app and a recovery code. `before` runs while they have no factor. */
async function enrolled(email: string, before?: () => Promise<void>): Promise<Enrolled> {
  const userId = await stage.cast.createMember(email);
  await before?.();
  const visitor = stage.visitor();
  await visitor.redeem(await visitor.withPassword(email));
  const form = await press(visitor.browser, await openAccount(visitor), 'add:otp');
  const secret = secretOf(form);
  await visitor.browser.submit(form, { code: totpOf(secret, clock.now()) });
  clock.advanceMs(30_000);
  const appId = String((await factorsOf(userId)).find(({ kind }) => kind === 'otp')?.id);
  return { email, userId, secret, appId };
}

/** Signs in and passes the factor: the page then permits changes. */
async function confirmed({ email, secret }: Enrolled, visitor: Visitor = stage.visitor()) {
  await visitor.redeem(await visitor.withPassword(email));
  const login = await press(visitor.browser, await openAccount(visitor), 'confirm');
  const asked = await visitor.browser.submit(await visitor.type(login, email, 'password'), { password: PASSWORD });
  clock.advanceMs(30_000);
  const page = await visitor.browser.submit(asked, { code: totpOf(secret, clock.now()) });
  expect(idsOf(page, 'remove').length).toBeGreaterThan(0);
  return { visitor, page };
}

describe('a stolen password', () => {
  test('neither adds a factor beside the owner’s nor removes it', async () => {
    let token = '';
    const owner = await enrolled('amy@acme.example', async () => {
      token = await myToken(stage, stage.visitor(), 'amy@acme.example');
    });
    const before = await factorsOf(owner.userId);
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword(owner.email));
    const page = await openAccount(visitor);
    for (const action of ['add:passkey', `remove:${owner.appId}`, 'recovery'])
      expect((await post(visitor.browser, page, { action })).status).toBe(409);
    // A new token that changes factors needs the factor; the thief's own is of before.
    await expect(myToken(stage, stage.visitor(), owner.email)).rejects.toThrow('Confirm that it is you');
    expect((await me(stage, token, 'POST', METHODS_PATH, { type: 'passkey' })).status).toBe(403);
    expect((await me(stage, token, 'DELETE', methodPath(owner.appId))).status).toBe(403);
    expect(await factorsOf(owner.userId)).toEqual(before);
  });
});

describe('a factor of another person', () => {
  test('is neither shown nor removed by its id', async () => {
    const victim = await enrolled('ben@acme.example');
    const attacker = await enrolled('bob@acme.example');
    const { visitor, page } = await confirmed(attacker);
    expect((await post(visitor.browser, page, { action: `remove:${victim.appId}` })).status).toBe(409);
    expect(await factorsOf(victim.userId)).toHaveLength(2);
    const scope = 'openid read:me:authentication_methods';
    const token = await myToken(stage, stage.visitor(), attacker.email, { scope });
    expect((await me(stage, token, 'GET', methodPath(victim.appId))).status).toBe(404);
  });

  test('nor is a session of theirs ended', async () => {
    const victim = stage.visitor();
    await stage.cast.createMember('vic@acme.example');
    await victim.redeem(await victim.withPassword('vic@acme.example'));
    const [id = ''] = idsOf(await openAccount(victim), 'end');
    const attacker = stage.visitor();
    await stage.cast.createMember('ann@acme.example');
    await attacker.redeem(await attacker.withPassword('ann@acme.example'));
    await post(attacker.browser, await openAccount(attacker), { action: `end:${id}` });
    expect(wordsOf(await openAccount(victim))).toContain('vic@acme.example');
  });

  test('an enrolment that was begun in one session is not finished in another', async () => {
    await stage.cast.createMember('cat@acme.example');
    const userId = await stage.cast.createMember('dot@acme.example');
    const mine = await myToken(stage, stage.visitor(), 'cat@acme.example');
    const theirs = await myToken(stage, stage.visitor(), 'dot@acme.example');
    const { body } = await me(stage, mine, 'POST', METHODS_PATH, { type: 'totp' });
    const otp_code = totpOf(String(body.manual_input_code), clock.now());
    const answer = await me(stage, theirs, 'POST', `${methodPath(body.id)}/verify`, {
      ...{ auth_session: body.auth_session, otp_code },
    });
    expect(answer.status).toBe(400);
    expect(await factorsOf(userId)).toEqual([]);
  });
});

describe('a kind that the tenant stopped accepting', () => {
  test('is not set up by an enrolment that was begun before, on the page and by the API', async () => {
    const userId = await stage.cast.createMember('quinn@acme.example');
    const visitor = stage.visitor();
    const token = await myToken(stage, visitor, 'quinn@acme.example');
    const form = await press(visitor.browser, await openAccount(visitor), 'add:otp');
    const { body } = await me(stage, token, 'POST', METHODS_PATH, { type: 'totp' });
    await sql('update tenant set guardian = $1', [JSON.stringify({ factors: { 'webauthn-platform': true } })]);
    const page = await visitor.browser.submit(form, { code: totpOf(secretOf(form), clock.now()) });
    expect(page.status).toBe(409);
    expect(wordsOf(page)).toContain('Something changed meanwhile');
    const answer = await me(stage, token, 'POST', `${methodPath(body.id)}/verify`, {
      ...{ auth_session: body.auth_session, otp_code: totpOf(String(body.manual_input_code), clock.now()) },
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await factorsOf(userId)).toEqual([]);
  });
});

describe('a company’s session', () => {
  test('changes nothing of an account that has a password too', async () => {
    const userId = await stage.cast.createMember('dana@acme.example');
    const visitor = stage.visitor();
    let page = await visitor.throughSso('dana', 'dana@acme.example');
    // The company's sign-in is linked after the person has proved the account.
    if (page.url.pathname === '/u/proof') {
      const code = await stage.mailedCode('dana@acme.example');
      page = await visitor.browser.submit(page, { code, action: 'code' });
    }
    await visitor.redeem(page);
    await sql('delete from sessions where user_id = $1', [userId]);
    const again = stage.visitor();
    await again.redeem(await again.throughSso('dana', 'dana@acme.example'));
    const account = await openAccount(again);
    expect(wordsOf(account)).toContain('You signed in through a company');
    expect((await post(again.browser, account, { action: 'add:otp' })).status).toBe(409);
    expect(await factorsOf(userId)).toEqual([]);

    // The same rule as at the token endpoint: a password that was ended is no other way in.
    await sql(`update password_credentials set hash = '!' where user_id = $1`, [userId]);
    expect((await post(again.browser, await openAccount(again), { action: 'add:otp' })).status).toBe(200);
  });
});

describe('a company that signs in as its person', () => {
  test('neither sees nor ends what the person does by their password', async () => {
    const email = 'zoe@acme.example';
    await stage.cast.createMember(email);
    stage.cast.people.zoe = { sub: 'idp-zoe', email, email_verified: true };
    const first = stage.visitor();
    let page = await first.throughSso('zoe', email);
    if (page.url.pathname === '/u/proof')
      page = await first.browser.submit(page, { code: await stage.mailedCode(email), action: 'code' });
    await first.redeem(page);
    const own = stage.visitor();
    await own.redeem(await own.withPassword(email));
    const [id = ''] = idsOf(await openAccount(own), 'end');
    const company = stage.visitor();
    await company.redeem(await company.throughSso('zoe', email));
    const account = await openAccount(company);
    expect(wordsOf(account)).toContain('You signed in through a company');
    expect(idsOf(account, 'end')).not.toContain(id);
    for (const action of [`end:${id}`, 'end-others']) await post(company.browser, account, { action });
    expect(idsOf(await openAccount(own), 'end')).toContain(id);
  });
});

describe('a form of another site', () => {
  test('is refused before anything runs', async () => {
    await stage.cast.createMember('eve@acme.example');
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword('eve@acme.example'));
    const page = await openAccount(visitor);
    const before = await stage.instance.snapshot();
    const answer = await post(visitor.browser, page, { action: 'end-others' }, 'https://evil.example');
    expect(answer.status).toBe(403);
    expect(await stage.instance.snapshot()).toEqual(before);
  });
});

describe('the last factor under a policy', () => {
  test('stays, for the tenant’s policy and for an organization’s', async () => {
    const owner = await enrolled('fay@acme.example');
    const { visitor, page } = await confirmed(owner);
    await guardian(['all-applications']);
    const refused = await press(visitor.browser, page, `remove:${owner.appId}`);
    expect(refused.status).toBe(409);
    expect(wordsOf(refused)).toContain('A second step is required here');
    await guardian();
    await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { mfa: 'required' });
    expect((await press(visitor.browser, page, `remove:${owner.appId}`)).status).toBe(409);
    await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { mfa: 'none' });
    expect((await press(visitor.browser, page, `remove:${owner.appId}`)).status).toBe(200);
    expect(await factorsOf(owner.userId)).toEqual([]);
  });
});

describe('after a reset', () => {
  test('the proof by a factor that was reset changes nothing', async () => {
    const owner = await enrolled('gil@acme.example');
    const { visitor, page } = await confirmed(owner);
    const key = { user_id: owner.userId, id: 'webauthn-roaming|dev_1', kind: 'webauthn-roaming', at: clock.now() };
    await sql(
      `insert into factors (user_id, id, kind, vouched_by, created_at, confirmed_at) values ($1, $2, $3, 'operator', $4, $4)`,
      Object.values(key),
    );
    expect((await post(visitor.browser, page, { action: 'recovery' })).status).toBe(200);
    await sql("delete from factors where user_id = $1 and kind = 'otp'", [owner.userId]);
    const before = await factorsOf(owner.userId);
    for (const action of ['recovery', 'add:otp', `remove:${key.id}`])
      expect((await post(visitor.browser, page, { action })).status).toBe(409);
    expect(await factorsOf(owner.userId)).toEqual(before);
  });

  test('an enrolment that was begun before it is over', async () => {
    const userId = await stage.cast.createMember('hal@acme.example');
    const token = await myToken(stage, stage.visitor(), 'hal@acme.example');
    const { body } = await me(stage, token, 'POST', METHODS_PATH, { type: 'totp' });
    await sql('update users set factors_revision = factors_revision + 1 where user_id = $1', [userId]);
    const otp_code = totpOf(String(body.manual_input_code), clock.now());
    const answer = await me(stage, token, 'POST', `${methodPath(body.id)}/verify`, {
      ...{ auth_session: body.auth_session, otp_code },
    });
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining('invalid_auth_session') } });
  });

  test('a token whose session has ended changes nothing', async () => {
    const userId = await stage.cast.createMember('ida@acme.example');
    const token = await myToken(stage, stage.visitor(), 'ida@acme.example');
    await sql('delete from sessions where user_id = $1', [userId]);
    expect((await me(stage, token, 'POST', METHODS_PATH, { type: 'totp' })).status).toBe(403);
  });

  test('a blocked person’s token opens nothing', async () => {
    const userId = await stage.cast.createMember('jim@acme.example');
    const token = await myToken(stage, stage.visitor(), 'jim@acme.example');
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(userId)}`, { blocked: true });
    expect((await me(stage, token, 'GET', '/factors')).status).toBe(401);
  });
});
