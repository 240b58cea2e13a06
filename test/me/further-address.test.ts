/**
 * A further address by the My Account API: mailed, proved by its code, and added beside a factor that counts alone. Attack:
 * a mailbox of somebody else, or the mailbox as the only factor.
 */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { factorSettings, type OtpApp, STEP_UP } from '../support/factors.js';
import { createManualClock } from '../support/manual-clock.js';
import { ME_SCOPES, METHODS_PATH, me, meAudience, methodPath, registerMyAccount } from '../support/my-account.js';
import { useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
const settings = factorSettings(stage, () => clock.now().getTime());
let people = 0;
let email: string;
let further: string;
let userId: string;
let app: OtpApp;

beforeAll(() => registerMyAccount(stage));
beforeEach(async () => {
  await settings.sql('delete from attempt_counters');
  await settings.accept({ otp: true, email: true });
  email = `my${++people}@plain.example`;
  further = `my${people}@private.example`;
  userId = await stage.cast.createMember(email);
  app = await settings.enrol(email, userId);
  clock.advanceMs(60_000);
});

async function tokenOf() {
  const visitor = stage.visitor();
  const asked = { audience: meAudience(stage), scope: `openid ${ME_SCOPES.join(' ')}`, ...STEP_UP };
  const page = await visitor.withPassword(email, PASSWORD, asked);
  const { accessToken } = await visitor.redeem(await app.answer(visitor, page));
  await settings.wait(userId, app);
  return accessToken;
}
const start = (token: string, address = further) =>
  me(stage, token, 'POST', METHODS_PATH, { type: 'email', email: address });
const codeTo = async (address: string) =>
  (await stage.instance.mail()).flatMap(({ mail }) =>
    mail.to === address && mail.template === 'factor_code' ? [String(mail.model.code)] : [],
  )[0] ?? '';
async function begun() {
  const token = await tokenOf();
  const { status, body } = await start(token);
  expect(status, JSON.stringify(body)).toBe(202);
  const verify = (otp_code: string) =>
    me(stage, token, 'POST', `${methodPath(body.id)}/verify`, { auth_session: body.auth_session, otp_code });
  return { token, body, verify, code: await codeTo(further) };
}
const addresses = () => settings.sql(`select address from factors where user_id = $1 and kind = 'email'`, [userId]);

test('an address counts after its code, is listed, and removed', async () => {
  const { token, body, verify, code } = await begun();
  expect(body).toEqual({ id: expect.stringMatching(/^email\|dev_/), auth_session: expect.any(String) });
  expect(await addresses()).toEqual([]);
  expect((await me(stage, token, 'GET', '/factors')).body.factors).toContainEqual({
    ...{ type: 'email', usage: ['secondary'] },
  });
  const made = await verify(code);
  expect(made).toMatchObject({ status: 201, body: { id: body.id, type: 'email', email: further, confirmed: true } });
  expect((await verify(code)).status, 'once').toBe(400);
  expect((await start(token)).status, 'twice the same').toBe(409);
  expect((await me(stage, token, 'DELETE', methodPath(body.id))).status).toBe(204);
  expect(await addresses()).toEqual([]);
});

test('a wrong code, a late one, and the sixth try', async () => {
  const { verify, code } = await begun();
  const wrong = code === '000000' ? '000001' : '000000';
  for (let time = 0; time < 5; time++) expect((await verify(wrong)).status).toBe(400);
  expect((await verify(code)).status).toBe(429);
  await settings.sql('delete from attempt_counters');
  clock.advanceMs(5 * 60_000);
  expect((await verify(code)).body.detail).toContain('invalid_code');
  expect(await addresses()).toEqual([]);
});

test('never a first factor, nor where it is off', async () => {
  const token = await tokenOf();
  await settings.accept({ otp: true });
  expect((await start(token)).status).toBe(400);
  await settings.accept({ otp: true, email: true });
  for (const address of ['', 'x', 'a@b@c.example']) expect((await start(token, address)).status).toBe(400);
  expect((await start(token, email)).status, 'the address of the account').toBe(409);
  await settings.sql('delete from factors where user_id = $1', [userId]);
  expect((await start(token)).status, 'no other factor').toBe(400);
  expect(await codeTo(further)).toBe('');
});

test('a right code is no guess; a wrong one stays counted', async () => {
  const { verify, code } = await begun();
  const counted = () => settings.sql('select key_hash, count from attempt_counters where count > 0 order by key_hash');
  const before = await counted();
  expect((await verify(code)).status).toBe(201);
  expect(await counted()).toEqual(before);
  const other = await begun().catch(() => undefined);
  expect(other, 'the same address again').toBeUndefined();
});

test('the app goes while the code is on its way', async () => {
  const { verify, code } = await begun();
  await settings.sql('delete from factors where user_id = $1', [userId]);
  expect((await verify(code)).status).toBe(400);
  expect(await addresses()).toEqual([]);
});

test('six mails in an hour', async () => {
  const token = await tokenOf();
  for (let time = 0; time < 5; time++) expect((await start(token, `n${time}.${further}`)).status).toBe(202);
  expect((await start(token)).status).toBe(429);
  expect(await codeTo(further)).toBe('');
});
