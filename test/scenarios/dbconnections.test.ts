/**
 * Auth0's endpoints for programs about accounts with a password. Neither says whether an account exists: not by its words, not by its status, not
 * by its time, not by what it stores. A sign-up opens nothing before the owner of the mailbox chooses a password.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CALLBACK, PASSWORD } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { createManualClock } from '../support/manual-clock.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { useStage, wordsOf } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({
  clock,
  clientFields: { organization_usage: 'allow', organization_require_behavior: 'no_prompt' },
});
const MEMBER = 'dana@acme.example';
const NEWCOMER = 'nora@plain.example';
const SENT = "We've just sent you an email to reset your password.";
let connection: string;

beforeAll(async () => {
  await stage.cast.createMember(MEMBER);
  connection = String((await stage.instance.api('GET', `/connections/${stage.cast.databaseId}`)).name);
});
beforeEach(async () => {
  // Each test has the limits of an hour for itself.
  clock.advanceMs(3_700_000);
  await signUps({ disable_signup: false });
});

const signUps = (options: Record<string, unknown>) =>
  stage.instance.api('PATCH', `/connections/${stage.cast.databaseId}`, { options });

async function post(path: string, body: Record<string, unknown>, form = false, headers: Record<string, string> = {}) {
  const response = await fetch(`${stage.instance.origin}/dbconnections/${path}`, {
    method: 'POST',
    headers: { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json', ...headers },
    body: form ? new URLSearchParams(body as Record<string, string>) : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, text, body: (isJson ? JSON.parse(text) : {}) as Record<string, unknown> };
}

const fieldsFor = (email: string) => ({ client_id: stage.cast.client.id, connection, email });
const change = (email: string, more = {}) => post('change_password', { ...fieldsFor(email), ...more });
const signUp = (email: string, more = {}) => post('signup', { ...fieldsFor(email), password: PASSWORD, ...more });
const mailsTo = async (email: string) => (await stage.instance.mail()).filter(({ mail }) => mail.to === email);

async function linkIn(email: string, template: string): Promise<string> {
  const found = (await mailsTo(email)).filter(({ mail }) => mail.template === template);
  expect(found, template).toHaveLength(1);
  return String(found[0]?.mail.model.url);
}

describe('change_password', () => {
  test('the link in the mail sets a password, as the page’s does', async () => {
    const before = await mailsTo(MEMBER);
    expect(await change(MEMBER.toUpperCase())).toMatchObject({ status: 200, text: SENT });
    const mails = await mailsTo(MEMBER);
    expect(mails.length).toBe(before.length + 1);
    const { browser } = stage.visitor();
    const page = await browser.visit(await linkIn(MEMBER, 'password_reset'));
    const done = await browser.submit(page, { password: 'Another-horse-8-battery' });
    expect(done.status).toBe(200);
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword(MEMBER, 'Another-horse-8-battery'));
  });

  test('attack=an address without an account gets the same answer, after the same time, and nothing is stored', async () => {
    const times: number[] = [];
    const answers = [];
    for (const email of [MEMBER, 'nobody@plain.example', MEMBER, 'nobody@plain.example']) {
      const before = await stage.instance.snapshot();
      const begun = performance.now();
      answers.push(await change(email));
      times.push(performance.now() - begun);
      if (email !== MEMBER) await expectNothingLeft(stage.instance, before, 'secret');
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await mailsTo('nobody@plain.example')).toEqual([]);
    for (const time of times) expect(time).toBeGreaterThanOrEqual(245);
  });

  test('attack=mail flooding: the limit is that of the page, and the same for an address of nobody', async () => {
    for (const email of [MEMBER, 'nobody@plain.example']) {
      const statuses = [];
      for (let n = 0; n < 6; n += 1) statuses.push((await change(email)).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
      expect((await change(email)).body).toMatchObject({ error: 'too_many_requests', statusCode: 429 });
    }
  });

  test('a form is read, too; an organization by its id', async () => {
    expect(await post('change_password', fieldsFor(MEMBER), true)).toMatchObject({ status: 200, text: SENT });
    expect((await change(MEMBER, { organization: stage.cast.acme.id })).status).toBe(200);
    expect((await change(MEMBER, { organization: 'org_0000000000000000' })).status).toBe(400);
  });

  test.each([
    ['no address', { email: undefined }, 'invalid_request'],
    ['an address that is none', { email: 'dana' }, 'invalid_request'],
    ['an address that is no text', { email: { $ne: '' } }, 'invalid_request'],
    ['a NUL character', { email: 'd\0@acme.example' }, 'invalid_request'],
    ['half a surrogate pair', { name: 'Nora \ud83d' }, 'invalid_request'],
    ['no application', { client_id: undefined }, 'invalid_client'],
    ['an application that there is not', { client_id: 'nobody' }, 'invalid_client'],
    ['no connection', { connection: undefined }, 'invalid_request'],
    ['a connection that there is not', { connection: 'nothing' }, 'invalid_connection'],
    ['metadata without end', { user_metadata: { a: Array.from({ length: 400 }, () => 1) } }, 'invalid_request'],
  ])('%s: 400 in words, and nothing is stored', async (_case, fields, error) => {
    const before = await stage.instance.snapshot();
    for (const send of [change, signUp]) {
      const { status, body } = await send(MEMBER, fields);
      expect({ status, error: body.error, words: typeof body.error_description }).toEqual({
        status: 400,
        error,
        words: 'string',
      });
    }
    await expectNothingLeft(stage.instance, before);
  });

  test('a body that is no JSON, none, or of another type', async () => {
    const send = async (headers: Record<string, string>, body: string) =>
      (await fetch(`${stage.instance.origin}/dbconnections/change_password`, { method: 'POST', headers, body })).status;
    expect(await send({ 'content-type': 'application/json' }, '{')).toBe(400);
    expect(await send({ 'content-type': 'application/json' }, '[]')).toBe(400);
    expect(await send({ 'content-type': 'application/json' }, '')).toBe(400);
    expect(await send({ 'content-type': 'text/x-none' }, 'x')).toBe(415);
    expect(await send({ 'content-type': 'application/json' }, `{"email":"${'x'.repeat(20_000)}"}`)).toBe(413);
  });
});

describe('signup', () => {
  test('stores nothing; the owner of the mailbox chooses the password, and enters no organization by it', async () => {
    const before = await stage.instance.snapshot();
    const answer = await signUp(NEWCOMER, { name: 'Nora', given_name: 'N', user_metadata: { plan: 'premium' } });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ _id: answer.body._id, email: NEWCOMER, email_verified: false, name: 'Nora' });
    await expectNothingLeft(stage.instance, before, 'secret');
    const { browser } = stage.visitor();
    const page = await browser.visit(await linkIn(NEWCOMER, 'verify_email'));
    expect(wordsOf(page)).toContain(NEWCOMER);
    await expectNothingLeft(stage.instance, before, 'secret');
    expect((await browser.submit(page, { password: 'short' })).status).toBe(400);
    const done = await browser.submit(page, { name: 'Nora', password: 'Owners-horse-9-battery' });
    expect(done.status).toBe(200);
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.members).toBeUndefined();
    expect(changed.sessions).toBeUndefined();
    expect(await stage.instance.api('GET', `/users/auth0|${answer.body._id}`)).toMatchObject({
      email: NEWCOMER,
      email_verified: true,
      name: 'Nora',
    });
    const visitor = stage.visitor();
    const { claims } = await visitor.redeem(
      await visitor.withPassword(NEWCOMER, 'Owners-horse-9-battery', { organization: '' }),
    );
    expect(claims).toMatchObject({ sub: `auth0|${answer.body._id}`, email_verified: true });
    expect(claims).not.toHaveProperty('org_id');
    const [line] = await stage.instance.api<Record<string, unknown>[]>('GET', '/logs?q=type:ss');
    expect(line).toMatchObject({ user_id: `auth0|${answer.body._id}` });
  });

  test('a link is used once: a second click opens nothing, and changes no password', async () => {
    await signUp('twice@plain.example');
    const link = await linkIn('twice@plain.example', 'verify_email');
    const submit = async (password: string) => {
      const { browser } = stage.visitor();
      return (await browser.submit(await browser.visit(link), { password })).status;
    };
    expect(await submit('First-horse-9-battery')).toBe(200);
    const before = await stage.instance.snapshot();
    const { browser } = stage.visitor();
    const again = await browser.visit(link);
    expect(again.status).toBe(409);
    expect(wordsOf(again)).toContain('If you have one already, sign in with its password');
    expect((await browser.submit(again, { password: 'Second-horse-9-battery' })).status).toBe(409);
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
  });

  test('two clicks at once open one account, and only one of them says that it did', async () => {
    await signUp('both@plain.example');
    const link = await linkIn('both@plain.example', 'verify_email');
    const clicks = await Promise.all(
      ['First-horse-9-battery', 'Second-horse-9-battery'].map(async (password) => {
        const { browser } = stage.visitor();
        const page = await browser.visit(link);
        return async () => (await browser.submit(page, { password })).status;
      }),
    );
    expect((await Promise.all(clicks.map((click) => click()))).sort()).toEqual([200, 409]);
  });

  test('attack=the link of a deleted account opens it again, with its id', async () => {
    const { body } = await signUp('deleted@plain.example');
    const link = await linkIn('deleted@plain.example', 'verify_email');
    const { browser } = stage.visitor();
    const page = await browser.visit(link);
    const password = 'Owners-horse-9-battery';
    expect((await browser.submit(page, { password })).status).toBe(200);
    await stage.instance.api('DELETE', `/users/auth0%7C${body._id}`);
    const before = await stage.instance.snapshot();
    const refused = await browser.submit(page, { password });
    expect(refused.status).toBe(400);
    expect((await stage.refusal(refused)).details.trace?.[0]?.evidence).toMatchObject({
      purpose: 'sign_up',
      detail: 'used',
    });
    expect((await browser.visit(link)).status).toBe(400);
    await expectNothingLeft(stage.instance, before);
  });

  test('attack=who signs up for somebody chooses nothing of their account: neither name nor picture nor metadata', async () => {
    const email = 'planted@plain.example';
    const names = { given_name: 'Mallory', family_name: 'Smith', nickname: 'mal' };
    const more = { ...names, picture: 'https://mallory.example/x.png', user_metadata: { plan: 'mallory' } };
    const { body } = await signUp(email, more);
    const { browser } = stage.visitor();
    const page = await browser.visit(await linkIn(email, 'verify_email'));
    expect(page.text).toContain('Mallory Smith');
    expect((await browser.submit(page, { name: '', password: 'Owners-horse-9-battery' })).status).toBe(200);
    const user = await stage.instance.api('GET', `/users/auth0%7C${body._id}`);
    expect(JSON.stringify(user)).not.toMatch(/mallory/i);
    expect(JSON.stringify(user)).not.toContain('"mal"');
  });

  test('attack=sign-ups are closed between the page and the click', async () => {
    await signUp('closing@plain.example');
    const { browser } = stage.visitor();
    const page = await browser.visit(await linkIn('closing@plain.example', 'verify_email'));
    await signUps({ disable_signup: true });
    const before = await stage.instance.snapshot();
    expect((await browser.submit(page, { password: 'Owners-horse-9-battery' })).status).toBe(400);
    await expectNothingLeft(stage.instance, before);
  });

  test('attack=sign-ups are closed while a click is answered', async () => {
    await signUp('racing@plain.example');
    const { browser } = stage.visitor();
    const page = await browser.visit(await linkIn('racing@plain.example', 'verify_email'));
    const { pool } = stage.instance.database;
    const holder = await pool.connect();
    try {
      // The click waits here after the settings were read: whether the link was used is looked up next.
      await holder.query('begin; lock table attempt_counters in access exclusive mode');
      const click = browser.submit(page, { password: 'Owners-horse-9-battery' });
      const waiting = `select 1 from pg_locks where not granted and relation = 'attempt_counters'::regclass`;
      await expect.poll(async () => (await pool.query(waiting)).rowCount, { timeout: 5_000 }).toBeGreaterThan(0);
      await signUps({ disable_signup: true });
      await holder.query('rollback');
      expect((await click).status).toBe(400);
    } finally {
      await holder.query('rollback');
      holder.release();
    }
    expect(await stage.instance.api('GET', '/users-by-email?email=racing@plain.example')).toEqual([]);
  });

  test('attack=a new database of the name of a deleted one takes in by its links', async () => {
    const open = async () => {
      const options = { disable_signup: false };
      const made = await stage.instance.api('POST', '/connections', { name: 'again', strategy: 'auth0', options });
      const clients = [{ client_id: stage.cast.client.id, status: true }];
      await stage.instance.api('PATCH', `/connections/${made.id}/clients`, clients);
      return made.id;
    };
    const id = await open();
    expect((await signUp('again@plain.example', { connection: 'again' })).status).toBe(200);
    const link = await linkIn('again@plain.example', 'verify_email');
    const { browser } = stage.visitor();
    expect((await browser.visit(link)).status).toBe(200);
    await stage.instance.api('DELETE', `/connections/${id}`);
    const next = await open();
    expect((await browser.visit(link)).status).toBe(400);
    await stage.instance.api('DELETE', `/connections/${next}`);
  });

  test('attack=the password of the program is never the account’s: who signs up for somebody gets no account of theirs', async () => {
    await signUp('victim@plain.example', { password: 'Attackers-horse-9-battery' });
    const { browser } = stage.visitor();
    const page = await browser.visit(await linkIn('victim@plain.example', 'verify_email'));
    await browser.submit(page, { password: 'Victims-horse-9-battery' });
    const thief = stage.visitor();
    const answer = await thief.withPassword('victim@plain.example', 'Attackers-horse-9-battery', { organization: '' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('location')).toBeNull();
    expect(wordsOf(answer)).toContain('Wrong email or password');
    const owner = stage.visitor();
    await owner.redeem(
      await owner.withPassword('victim@plain.example', 'Victims-horse-9-battery', { organization: '' }),
    );
  });

  test('attack=an address with an account gets the same answer; only the mail tells its owner', async () => {
    const before = await mailsTo(MEMBER);
    const shape = async (email: string) => {
      const begun = performance.now();
      const { status, body } = await signUp(email);
      expect(performance.now() - begun).toBeGreaterThanOrEqual(245);
      return { status, body: { ...body, email: '*', _id: String(body._id).replace(/[0-9a-f]/g, '*') } };
    };
    const taken = await shape(MEMBER);
    expect(await shape('free@plain.example')).toEqual(taken);
    // Asked twice, each answer has an id of its own: an id that stayed would tell of an account.
    expect((await signUp(MEMBER)).body._id).not.toBe((await signUp(MEMBER)).body._id);
    const mails = (await mailsTo(MEMBER)).slice(0, -before.length || undefined);
    expect(new Set(mails.map(({ mail }) => mail.template))).toEqual(new Set(['password_reset']));
  });

  test('attack=mail flooding: five mails to one address in an hour', async () => {
    for (const email of [MEMBER, 'flood@plain.example']) {
      const statuses = [];
      for (let n = 0; n < 6; n += 1) statuses.push((await signUp(email)).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    }
  });

  test.each([
    ['the database is closed', async () => signUps({ disable_signup: true })],
    ['the database says nothing', async () => signUps({})],
  ])('%s: the answer says so, for every address alike', async (_case, close) => {
    await close();
    const before = await stage.instance.snapshot();
    for (const email of [MEMBER, 'other@plain.example'])
      expect(await signUp(email)).toMatchObject({ status: 400, body: { error: 'public signup is disabled' } });
    await expectNothingLeft(stage.instance, before);
  });

  test('a link that was mailed before the database was closed opens nothing, nor does an old or a forged one', async () => {
    await signUp('late@plain.example');
    const link = await linkIn('late@plain.example', 'verify_email');
    await signUps({ disable_signup: true });
    const before = await stage.instance.snapshot();
    const { browser } = stage.visitor();
    expect((await browser.visit(link)).status).not.toBe(200);
    await signUps({ disable_signup: false });
    expect((await browser.visit(link)).status).toBe(200);
    expect((await browser.visit(`${link.slice(0, -8)}AAAAAAAA`)).status).not.toBe(200);
    clock.advanceMs(86_400_000);
    expect((await browser.visit(link)).status).not.toBe(200);
    expect(diffSnapshots(before, await stage.instance.snapshot()).users).toBeUndefined();
  });

  test('an application that requires an organization opens no account', async () => {
    const path = `/clients/${stage.cast.client.id}`;
    await stage.instance.api('PATCH', path, { organization_usage: 'require' });
    expect((await signUp('x@plain.example')).body.error).toBe('public signup is disabled');
    await stage.instance.api('PATCH', path, { organization_usage: 'allow' });
  });

  test.each([
    ['a weak password', { password: 'short' }, 'invalid_password'],
    ['no password', { password: undefined }, 'invalid_request'],
    ['metadata that is no text', { user_metadata: { a: 1 } }, 'invalid_request'],
    ['a name without end', { name: 'x'.repeat(301) }, 'invalid_request'],
    ['metadata without end', { user_metadata: { a: 'x'.repeat(501) } }, 'invalid_request'],
  ])('%s: 400 in words, for every address alike', async (_case, fields, error) => {
    for (const email of [MEMBER, 'weak@plain.example'])
      expect(await signUp(email, fields)).toMatchObject({ status: 400, body: { error } });
  });
});

describe.each(['signup', 'change_password'])('%s', (path) => {
  const send = (email: string, headers?: Record<string, string>) =>
    post(path, { ...fieldsFor(email), password: PASSWORD }, false, headers);

  test('attack=any web page sends mail through the browsers of its visitors', async () => {
    const before = await stage.instance.snapshot();
    for (const origin of ['https://evil.example', 'null', 'https://app.example.evil.example'])
      expect(await send(MEMBER, { origin })).toMatchObject({ status: 403, body: { error: 'access_denied' } });
    await expectNothingLeft(stage.instance, before);
    for (const origin of [new URL(CALLBACK).origin, stage.instance.origin])
      expect((await send(MEMBER, { origin })).status).toBe(200);
  });

  test('attack=a fault of the mail tells that there is an account', async () => {
    const { pool } = stage.instance.database;
    await pool.query('alter table outbox rename to outbox_away');
    try {
      expect((await send(MEMBER)).status).toBe(200);
    } finally {
      await pool.query('alter table outbox_away rename to outbox');
    }
  });

  test('attack=a lock that holds the mail up tells that there is an account', async () => {
    const holder = await stage.instance.database.pool.connect();
    try {
      await holder.query('begin; lock table outbox in access exclusive mode');
      const begun = performance.now();
      expect((await send(MEMBER)).status).toBe(200);
      expect(performance.now() - begun).toBeLessThan(2_000);
    } finally {
      await holder.query('rollback');
      holder.release();
    }
  });
});

describe('counting', () => {
  test('attack=mail flooding: sign-ups use up the links for a new password, whether or not there is an account', async () => {
    for (const email of [MEMBER, 'nobody@plain.example']) {
      for (let n = 0; n < 5; n += 1) expect((await signUp(email)).status).toBe(200);
      expect((await change(email)).status).toBe(429);
    }
  });

  test('attack=weak passwords without end: they are limited before they are checked', async () => {
    const statuses = new Set<number>();
    for (let n = 0; n < 45; n += 1) statuses.add((await signUp('weak@plain.example', { password: 'short' })).status);
    expect(statuses).toEqual(new Set([400, 429]));
  });
});
