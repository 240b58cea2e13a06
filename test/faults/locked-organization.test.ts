/**
 * Somebody keeps the row of one organization locked (an operator's open transaction, a hung tool). Its logins wait and are answered 503;
 * everybody else's go on meanwhile, and readiness too.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cast, createCast, PASSWORD, Visitor } from '../support/cast.js';
import { countBlocked } from '../support/held-writes.js';
import { type Instance, startInstance } from '../support/instance.js';
import { answerOf } from '../support/stage.js';

let instance: Instance;
let cast: Cast;
beforeAll(async () => {
  // Others that had to wait for a connection would be refused before the lock's own limit comes.
  const environment = {
    VESTIBULE_DATABASE_CONNECTIONS: '8',
    VESTIBULE_DATABASE_WAIT: '2',
    VESTIBULE_DATABASE_LOCK_TIMEOUT: '9',
  };
  instance = await startInstance({ environment });
  cast = await createCast(instance);
});
afterAll(async () => {
  await cast.stop();
  await instance.stop();
});

const CROWD = 12;

async function openPasswordPage(email: string, organization: string) {
  const visitor = new Visitor(cast);
  const page = await visitor.type(await visitor.open({ organization }), email, 'password');
  return { visitor, enter: () => visitor.browser.submit(page, { password: PASSWORD }) };
}

test('a locked organization holds its own logins alone', async () => {
  const other = await cast.createPlace('other', {});
  await cast.createMember('ola@plain.example', { organizationId: other.id });
  const crowd = [];
  for (let n = 0; n < CROWD; n += 1) {
    const email = `crowd${n}@plain.example`;
    await cast.createMember(email);
    crowd.push(await openPasswordPage(email, cast.acme.id));
  }
  const ola = await openPasswordPage('ola@plain.example', other.id);
  const holder = await instance.database.pool.connect();
  await holder.query('begin');
  await holder.query('select 1 from organizations where id = $1 for update', [cast.acme.id]);
  const waiting = Promise.all(crowd.map(({ enter }) => enter()));
  // As many as may wait for this organization do.
  await expect.poll(() => countBlocked(instance.database.pool), { timeout: 30_000 }).toBe(2);
  expect((await fetch(`${instance.origin}/health/ready`)).status).toBe(200);
  const { claims } = await ola.visitor.redeem(await ola.enter());
  expect(claims).toMatchObject({ org_id: other.id });
  expect(await countBlocked(instance.database.pool)).toBeLessThanOrEqual(2);
  await holder.query('rollback');
  holder.release();
  for (const answer of await waiting)
    if (answerOf(answer).code === undefined) expect([429, 503]).toContain(answer.status);
}, 120_000);
