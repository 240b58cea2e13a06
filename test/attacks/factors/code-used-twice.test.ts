/**
 * Attack: Mallory knows the password and reads a code over the shoulder, or holds an old one. A code, and a recovery code,
 * counts once and never backwards: in another browser, and on two nodes at once.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { PASSWORD, Visitor } from '../../support/cast.js';
import { asksForFactor, factorSettings, type OtpApp, recoveryCodeOf, STEP_UP } from '../../support/factors.js';
import { playInOrder } from '../../support/held-writes.js';
import type { Visit } from '../../support/http-browser.js';
import { type Instance, startInstance } from '../../support/instance.js';
import { answerOf, linkOf, useStage } from '../../support/stage.js';

const stage = useStage();
const settings = factorSettings(stage);
let right: Instance;
let people = 0;
let email: string;
let userId: string;
let app: OtpApp;

beforeAll(async () => {
  right = await startInstance({ beside: stage.instance });
  await settings.accept({ otp: true, 'recovery-code': true });
});
afterAll(() => right?.stop());
beforeEach(async () => {
  await stage.instance.database.pool.query('delete from attempt_counters');
  email = `twice${++people}@plain.example`;
  userId = await stage.cast.createMember(email);
  app = await settings.enrol(email, userId);
});

async function asked(visitor: Visitor = stage.visitor()) {
  const page = await visitor.withPassword(email, PASSWORD, STEP_UP);
  expect(asksForFactor(page)).toBe(true);
  return { visitor, page };
}
const isIn = (page: Visit) => page.status === 0 && answerOf(page).code !== undefined;

test('the same code in another browser, one after the other', async () => {
  const [dana, mallory] = [await asked(), await asked()];
  const code = app.code();
  expect(isIn(await dana.visitor.browser.submit(dana.page, { code }))).toBe(true);
  expect(isIn(await mallory.visitor.browser.submit(mallory.page, { code }))).toBe(false);
});

test('a code of the step before the one that was given', async () => {
  const [dana, mallory] = [await asked(), await asked()];
  expect(isIn(await dana.visitor.browser.submit(dana.page, { code: app.code() }))).toBe(true);
  const page = await mallory.visitor.browser.submit(mallory.page, { code: app.codeOfStep(-1) });
  expect([page.status, isIn(page)]).toEqual([400, false]);
});

const COMMIT = /^with\s+connection_now/;

/** The same form on two nodes: the first holds its commit until the second has met it. */
async function atOnce(
  fields: Record<string, string>,
  open: (who: Awaited<ReturnType<typeof asked>>) => Promise<Visit>,
) {
  const [left, other] = [await asked(), await asked(new Visitor({ ...stage.cast, instance: right }))];
  const [pageLeft, pageRight] = [await open(left), await open(other)];
  const played = await playInOrder(
    stage.instance.database.pool,
    {
      pool: stage.instance.server.pool,
      matches: COMMIT,
      run: () => left.visitor.browser.submit(pageLeft, fields),
    },
    { run: () => other.visitor.browser.submit(pageRight, fields) },
  );
  expect(played.waited, 'the second commit waits for the first').toBe(true);
  expect(isIn(played.first)).toBe(true);
  expect(isIn(played.second)).toBe(false);
  return played.second;
}

test('the same code on two nodes at once: one login is whole, the other is refused', async () => {
  const second = await atOnce({ code: app.code() }, ({ page }) => Promise.resolve(page));
  expect(second.status).toBe(403);
  expect((await stage.refusal(second)).details.code).toBe('authenticate.factor_failed');
  const sessions = await settings.sql('select 1 from sessions where user_id = $1', [userId]);
  expect(sessions, 'that of the enrolment and one more').toHaveLength(2);
});

test('a recovery code on two nodes at once', async () => {
  const who = stage.visitor();
  await stage.instance.database.pool.query('delete from factors where user_id = $1', [userId]);
  await stage.instance.database.pool.query('update users set factors_revision = 0 where user_id = $1', [userId]);
  const page = await who.withPassword(email, PASSWORD, STEP_UP);
  app.secret = /data-copy="([A-Z2-7]{32})"/.exec(page.text)?.[1];
  const shown = await who.browser.submit(page, { code: app.code() });
  const code = String(recoveryCodeOf(shown));
  await who.redeem(await who.browser.submit(shown, {}));
  await atOnce({}, async ({ visitor, page: question }) => {
    const form = await visitor.browser.visit(linkOf(question, 'Use a recovery code'));
    const next = await visitor.browser.submit(form, { code });
    expect(recoveryCodeOf(next), 'both were right until one is used').toMatch(/^[A-Z0-9]{24}$/);
    return next;
  });
});
