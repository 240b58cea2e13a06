/** Attack: the question of one login is answered by another one: in another browser, or with what another question showed. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createAuthenticator } from '../../support/authenticator.js';
import { PASSWORD } from '../../support/cast.js';
import { asksForFactor, factorSettings, OtpApp, STEP_UP, secretOf } from '../../support/factors.js';
import type { Visit } from '../../support/http-browser.js';
import { useStage, wordsOf } from '../../support/stage.js';

const stage = useStage();
const settings = factorSettings(stage);
let people = 0;

beforeAll(() => settings.accept({ otp: true, 'webauthn-roaming': true }));
beforeEach(() => stage.instance.database.pool.query('delete from attempt_counters'));

async function member(): Promise<{ email: string; userId: string }> {
  const email = `other${++people}@plain.example`;
  return { email, userId: await stage.cast.createMember(email) };
}
async function asked(email: string, visitor = stage.visitor()) {
  const page = await visitor.withPassword(email, PASSWORD, { ...STEP_UP, prompt: 'login' });
  expect(asksForFactor(page)).toBe(true);
  return { visitor, page };
}

test('a right code in a browser that does not have the login', async () => {
  const { email, userId } = await member();
  const app = await settings.enrol(email, userId);
  const { visitor, page } = await asked(email);
  const stranger = await stage.visitor().browser.submit(page, { code: app.code() });
  expect(stranger.status, wordsOf(stranger)).toBe(400);
  app.rest();
  expect((await visitor.redeem(await app.answer(visitor, page))).claims.sub).toBe(userId);
});

test('the secret that another question showed, and the code of another account', async () => {
  const { email, userId } = await member();
  const [first, second] = [await asked(email), await asked(email)];
  const app = new OtpApp();
  app.secret = secretOf(second.page);
  expect(app.secret).not.toBe(secretOf(first.page));
  const wrong = await first.visitor.browser.submit(first.page, { code: app.code() });
  expect(wrong.status).toBe(400);
  expect(await settings.factorsOf(userId)).toEqual([]);

  const mallory = await member();
  const hers = await settings.enrol(mallory.email, mallory.userId);
  await settings.enrol(email, userId);
  const dana = await asked(email);
  expect((await dana.visitor.browser.submit(dana.page, { code: hers.code() })).status).toBe(400);
});

test('a login of Mallory’s own in the same browser passes no factor for Dana’s', async () => {
  const { email, userId } = await member();
  await settings.enrol(email, userId);
  const mallory = await member();
  const hers = await settings.enrol(mallory.email, mallory.userId);
  const visitor = stage.visitor();
  const own = await asked(mallory.email, visitor);
  await visitor.redeem(await hers.answer(visitor, own.page));
  const { page } = await asked(email, visitor);
  expect((await visitor.browser.submit(page, { code: hers.code() })).status).toBe(400);
});

test('what a security key answered to the question of another login, of the same person: a new key, and a known one', async () => {
  const { origin } = stage.instance;
  const key = createAuthenticator({ origin, rpId: new URL(origin).hostname });
  const optionsIn = ({ text }: Visit, how: 'create' | 'get') =>
    (new RegExp(`data-passkey-${how}="([^"]*)"`).exec(text)?.[1] ?? '').replaceAll('&quot;', '"');
  const setUp = async ({ visitor, page }: Awaited<ReturnType<typeof asked>>) => ({
    visitor,
    page: await visitor.browser.visit(`${page.url.href}&method=webauthn-roaming`),
  });
  const { email, userId } = await member();
  const [own, other] = [await setUp(await asked(email)), await setUp(await asked(email))];
  const stolen = await own.visitor.browser.submit(own.page, { answer: key.create(optionsIn(other.page, 'create')) });
  expect([stolen.status, wordsOf(stolen)]).toEqual([400, expect.stringContaining('That did not work.')]);
  expect(await settings.factorsOf(userId)).toEqual([]);
  const made = key.create(optionsIn(own.page, 'create'));
  await own.visitor.redeem(await own.visitor.browser.submit(own.page, { answer: made }));

  const [dana, mallory] = [await asked(email), await asked(email)];
  const answer = key.get(optionsIn(dana.page, 'get'));
  expect((await mallory.visitor.browser.submit(mallory.page, { answer })).status).toBe(400);
  const { claims } = await dana.visitor.redeem(await dana.visitor.browser.submit(dana.page, { answer }));
  expect(claims.sub).toBe(userId);
});
