/**
 * The N-th storage call of the enrolment by a ticket fails, N = 1, 2, 3… until it succeeds, in five ways. After each: nothing is
 * set up and the ticket still works, or the factor, its mail and its lines are stored and the ticket is used.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secretOf, totpOf } from '../support/account-page.js';
import { type Cast, createCast, Visitor } from '../support/cast.js';
import { FAULT_MODES, type FaultMode, type FaultyPool, makeFaulty } from '../support/faulty-pool.js';
import { type Instance, startInstance } from '../support/instance.js';

let instance: Instance;
let cast: Cast;
let faults: FaultyPool;
let people = 0;

beforeAll(async () => {
  instance = await startInstance();
  cast = await createCast(instance);
  faults = makeFaulty(instance.server.pool);
  await instance.database.pool.query(
    `update tenant set guardian = '{"factors": {"otp": true, "recovery-code": true}}'`,
  );
});
afterAll(async () => {
  await cast.stop();
  await instance.stop();
});

/** Counts the rows about a person's ticket; each count is 0 or what the whole enrolment leaves. */
async function leftOf(userId: string, email: string) {
  const count = async (text: string) => Number((await instance.database.pool.query(text, [userId])).rows[0]?.n);
  const mails = (await instance.mail()).filter(({ mail }) => mail.to === email && mail.template === 'factor_changed');
  return {
    factors: await count('select count(*) as n from factors where user_id = $1'),
    used: await count(`select count(used_at) as n from tickets where user_id = $1 and purpose = 'enrollment'`),
    lines: await count(`select count(*) as n from logs where user_id = $1 and type = 'gd_enrollment_complete'`),
    revision: await count('select factors_revision as n from users where user_id = $1'),
    mails: mails.length,
  };
}
const NOTHING = { factors: 0, used: 0, lines: 0, revision: 0, mails: 0 };
const EVERYTHING = { factors: 2, used: 1, lines: 2, revision: 1, mails: 2 };

/** One call fails in one way. False when the enrolment has no such call. */
async function playWith(nth: number, mode: FaultMode): Promise<boolean> {
  const email = `fault${++people}@plain.example`;
  const userId = await cast.createMember(email);
  const { ticket_url: link } = await instance.api('POST', '/guardian/enrollments/ticket', { user_id: userId });
  const visitor = new Visitor(cast);
  const open = async () => visitor.browser.submit(await visitor.browser.visit(String(link)), { action: 'add:otp' });
  const form = await open();
  faults.arm(nth, mode);
  await visitor.browser.submit(form, { code: totpOf(secretOf(form), new Date()) }).catch(() => undefined);
  const hasFailed = faults.disarm().length > 0;
  const left = await leftOf(userId, email);
  expect(left, `${mode} at ${nth}`).toEqual(left.factors > 0 ? EVERYTHING : NOTHING);
  if (left.factors > 0) return hasFailed;
  const again = await open();
  await visitor.browser.submit(again, { code: totpOf(secretOf(again), new Date()) });
  expect(await leftOf(userId, email), `again after ${mode} at ${nth}`).toEqual(EVERYTHING);
  return hasFailed;
}

test.each(FAULT_MODES)('case=%s', async (mode) => {
  let nth = 1;
  while (await playWith(nth, mode)) nth++;
  expect(nth).toBeGreaterThan(10);
});
