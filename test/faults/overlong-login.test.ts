/**
 * The N-th storage call of a login that does not fit into cookies fails, in five ways: nothing is left or the login is
 * whole, beside a row that expires, and the next try in the same browser gets in. Its row is the browser's only one,
 * and is gone with the login.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanUp } from '../../src/storage/housekeeping.js';
import { CALLBACK, type Cast, createCast, Visitor } from '../support/cast.js';
import type { Snapshot } from '../support/database.js';
import { FAULT_MODES, type FaultyPool, makeFaulty } from '../support/faulty-pool.js';
import { type Instance, startInstance } from '../support/instance.js';
import { LEFT_BY_LENGTH } from '../support/nothing-left.js';
import { type Footprint, footprintOf, judge, Stopped, WatchfulBrowser } from '../support/nothing-or-everything.js';
import { SHARE_FIRST, SHARE_STEP } from '../support/share.js';
import { answerOf } from '../support/stage.js';

let instance: Instance;
let cast: Cast;
let faults: FaultyPool;
let people = 0;
/** Does not compress. */
const STATE = Array.from({ length: 100 }, (_, n) => createHash('sha256').update(String(n)).digest('base64url'))
  .join('')
  .slice(0, 4_000);

beforeAll(async () => {
  instance = await startInstance();
  cast = await createCast(instance);
  faults = makeFaulty(instance.server.pool);
});
afterAll(async () => {
  await cast.stop();
  await instance.stop();
});

async function arrange() {
  const key = `long${++people}`;
  const email = `${key}@acme.example`;
  cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
  await cast.createMember(email);
  const visitor = new Visitor(cast, new WatchfulBrowser(CALLBACK));
  return { visitor, email, key, play: () => visitor.throughSso(key, email, { state: STATE, prompt: 'login' }) };
}

const withoutRow = ({ [LEFT_BY_LENGTH]: _row, ...tables }: Snapshot): Snapshot => tables;
const countRows = async () => (await instance.snapshot())[LEFT_BY_LENGTH]?.length ?? 0;

test('undisturbed: a row while it is under way, none when it is done', async () => {
  const { visitor, play } = await arrange();
  await visitor.open({ state: STATE });
  expect(await countRows()).toBe(1);
  expect(answerOf(await play()).code).toBeDefined();
  expect(await countRows()).toBe(0);
});

test('a login of ordinary length asks for no row, at no step', async () => {
  const { visitor, email, key } = await arrange();
  faults.armWhere((text) => text.includes(LEFT_BY_LENGTH), 'lost-before');
  const ordinary = { state: STATE.slice(0, 43), nonce: STATE.slice(50, 93) };
  const answer = await visitor.throughSso(key, email, ordinary);
  expect(faults.disarm()).toEqual([]);
  expect(answerOf(answer).code).toBeDefined();
});

test.each(FAULT_MODES)(
  '%s at every call: nothing or everything, and a second try gets in',
  async (mode) => {
    const undisturbed = await arrange();
    const start = withoutRow(await instance.snapshot());
    await undisturbed.play();
    const whole: Footprint = footprintOf(start, withoutRow(await instance.snapshot()));
    for (let nth = SHARE_FIRST; ; nth += SHARE_STEP) {
      const { play } = await arrange();
      const before = withoutRow(await instance.snapshot());
      faults.arm(nth, mode);
      const outcome = await play().catch((error: unknown) => {
        if (error instanceof Stopped) return error;
        throw error;
      });
      const [statement] = faults.disarm();
      if (statement === undefined) break;
      const where = `call ${nth} (${mode}): ${statement}`;
      const left = judge(before, withoutRow(await instance.snapshot()), whole, 'identity');
      if (!(outcome instanceof Stopped))
        expect([answerOf(outcome).code !== undefined, left], where).toEqual([true, 'everything']);
      expect(await countRows(), where).toBeLessThanOrEqual(1);
      expect(answerOf(await play()).code, where).toBeDefined();
      await cleanUp(instance.database.pool, new Date(Date.now() + 3_700_000), { logDays: 90 });
      expect(await countRows(), where).toBe(0);
    }
  },
  240_000,
);
