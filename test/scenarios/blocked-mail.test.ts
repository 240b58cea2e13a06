/** A block after wrong passwords, where the tenant tells owners (`user_notification`): one mail, a link that works once, and nothing for strangers. */
import { beforeEach, describe, expect, test } from 'vitest';
import { diffSnapshots } from '../support/database.js';
import { createMachine } from '../support/machines.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, linkOf, useStage, wordsOf } from '../support/stage.js';

const stage = useStage({ environment: { VESTIBULE_TRUST_PROXY: '127.0.0.1, ::1' } });
const OFFICE = '203.0.113.7';
const ELSEWHERE = '198.51.100.1';
let next = 0;

const change = async (body: object) => {
  const { call } = await createMachine(stage.instance, `protect ${Math.random()}`, ['update:attack_protection']);
  expect((await call('PATCH', '/attack-protection/brute-force-protection', body)).status).toBe(200);
};
beforeEach(async () => {
  await stage.instance.database.pool.query('delete from attempt_counters');
  await change({ enabled: true, max_attempts: 2, shields: ['block', 'user_notification'] });
});

async function newMember(): Promise<string> {
  next += 1;
  const email = `blocked${next}@plain.example`;
  await stage.cast.createMember(email);
  return email;
}
const from = (ip: string) => {
  const visitor = stage.visitor();
  visitor.browser.forwardedFor = ip;
  return visitor;
};
const tryTimes = async (ip: string, email: string, statuses: readonly number[]) => {
  for (const [time, status] of statuses.entries())
    expect((await from(ip).withPassword(email, `guess-${time}`)).status, `try ${time}`).toBe(status);
};
const mailsTo = async (email: string) =>
  (await stage.instance.mail())
    .map(({ mail }) => mail)
    .filter(({ to, template }) => to === email && template === 'blocked_account');
const newLink = async (email: string, ip = ELSEWHERE) => {
  await tryTimes(ip, email, [400, 400]);
  return String((await mailsTo(email))[0]?.model.url);
};

describe('the mail', () => {
  test('comes with the wrong password that fills the limit, once, whoever goes on from wherever', async () => {
    const email = await newMember();
    await tryTimes(ELSEWHERE, email, [400]);
    expect(await mailsTo(email)).toEqual([]);
    await tryTimes(ELSEWHERE, email, [400, 429, 429]);
    await tryTimes('192.0.2.9', email, [400, 400, 429]);
    const [mail, ...others] = await mailsTo(email);
    expect(others).toEqual([]);
    expect(mail?.model).toMatchObject({ ip: ELSEWHERE, brand: { title: 'Acme' } });
    expect(mail?.model.url).toMatch(/\/u\/unblock\?ticket=/);
  });

  test('comes once when many tries come at the same moment', async () => {
    const email = await newMember();
    await tryTimes(ELSEWHERE, email, [400]);
    await Promise.all(Array.from({ length: 4 }, () => from(ELSEWHERE).withPassword(email, 'guess')));
    expect(await mailsTo(email)).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['the tenant does not wish it', { shields: ['block'] }],
    ['protection is off', { enabled: false, shields: ['block', 'user_notification'] }],
  ])('does not come where %s, and a refusal leaves nothing', async (_name, settings) => {
    const email = await newMember();
    await change(settings);
    const before = await stage.instance.snapshot();
    await tryTimes(ELSEWHERE, email, [400, 400]);
    expect(await mailsTo(email)).toEqual([]);
    await expectNothingLeft(stage.instance, before, 'secret');
  });

  test('attack: an address without an account, one of a company, and one that an administrator blocked leave nothing', async () => {
    const barred = await newMember();
    const { rows } = await stage.instance.database.pool.query('select user_id from users where email = $1', [barred]);
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(rows[0].user_id)}`, { blocked: true });
    const before = await stage.instance.snapshot();
    for (const email of ['nobody@plain.example', barred]) {
      const known = await newMember();
      await tryTimes('192.0.2.50', email, [400]);
      const strange = await from('192.0.2.50').withPassword(email, 'guess');
      await tryTimes('192.0.2.60', known, [400]);
      const own = await from('192.0.2.60').withPassword(known, 'guess');
      // The same page for both.
      expect(wordsOf(strange).replaceAll(email, '')).toBe(wordsOf(own).replaceAll(known, ''));
      await stage.instance.database.pool.query('delete from attempt_counters');
      expect(await mailsTo(email)).toEqual([]);
    }
    expect(diffSnapshots(before, await stage.instance.snapshot()).tickets?.added.length).toBe(2);
  });
});

describe('the link', () => {
  test('asks first, lifts every block of the address once, and the log says so', async () => {
    const email = await newMember();
    const link = await newLink(email);
    await tryTimes(OFFICE, email, [400, 400, 429]);
    const { browser } = stage.visitor();
    const before = await stage.instance.snapshot();
    const asked = await browser.visit(link);
    expect(wordsOf(asked)).toContain('Your account is blocked for the moment');
    // A scanner of mails opens every link.
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
    expect((await from(ELSEWHERE).withPassword(email)).status).toBe(429);

    const done = await browser.submit(asked, { action: 'default' });
    expect(done.status).toBe(200);
    expect(wordsOf(done)).toContain('The block has ended');
    expect((await stage.logs()).find(({ type }) => type === 'ublkdu')?.details).toMatchObject({ email });
    answerOf(await from(ELSEWHERE).withPassword(email));
    answerOf(await from(OFFICE).withPassword(email));

    for (const again of [await browser.visit(link), await browser.submit(asked, { action: 'default' })]) {
      expect(again.status).toBe(400);
      expect(wordsOf(again)).toContain('This link cannot be used');
    }
    // A new block is told of again.
    await tryTimes(ELSEWHERE, email, [400, 400]);
    expect(await mailsTo(email)).toHaveLength(2);
  });

  test('expires, as the template of the tenant says; the next block has a new one', async () => {
    const email = await newMember();
    const words = {
      body: '<a href="{{ url }}">Unblock {{ user.email }}</a>',
      from: null,
      subject: 'Blocked',
      syntax: 'liquid',
    };
    const template = { template: 'blocked_account', ...words, enabled: true, urlLifetimeInSeconds: 120 };
    await stage.instance.api('POST', '/email-templates', template);
    const link = await newLink(email);
    const { rows } = await stage.instance.database.pool.query(
      `select extract(epoch from expires_at - created_at)::integer as seconds from tickets where purpose = 'unblock' and email = $1`,
      [email],
    );
    expect(rows).toEqual([{ seconds: 120 }]);
    await stage.instance.database.pool.query(`update tickets set expires_at = now() where email = $1`, [email]);
    const page = await stage.visitor().browser.visit(link);
    expect(page.status).toBe(400);
    expect((await stage.refusal(page)).details.trace?.at(-1)?.evidence.detail).toMatch(/^expired/);
    await tryTimes(ELSEWHERE, email, [429]);
    expect(await mailsTo(email)).toHaveLength(2);
  });

  test('attack: of an address that is the account’s no longer lifts nothing for its next owner', async () => {
    const email = await newMember();
    const link = await newLink(email);
    const { browser } = stage.visitor();
    const asked = await browser.visit(link);
    await stage.instance.database.pool.query(
      `update password_credentials set email = 'new-' || email where email = $1`,
      [email],
    );
    expect((await browser.submit(asked, { action: 'default' })).status).toBe(400);
    const { rows } = await stage.instance.database.pool.query('select max(count) as most from attempt_counters');
    expect(rows[0].most).toBe(2);
  });

  test('attack: of one purpose opens no other page', async () => {
    const ticket = new URL(await newLink(await newMember())).searchParams.get('ticket');
    for (const path of ['/u/reset-password', '/u/verify-email']) {
      const page = await stage.visitor().browser.visit(`${stage.instance.origin}${path}?ticket=${ticket}`);
      expect(page.status).toBe(400);
    }
  });

  test('leads back to the application where that says how a login begins', async () => {
    const email = await newMember();
    const { browser } = stage.visitor();
    const done = await browser.submit(await browser.visit(await newLink(email)), { action: 'default' });
    expect(linkOf(done, 'Continue')).toMatch(/^https?:/);
  });
});
