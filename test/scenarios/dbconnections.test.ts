/**
 * Auth0's endpoints for programs about accounts with a password. Neither says whether an account exists: not by its words, not by its status, not
 * by its time, not by what it stores. A sign-up opens nothing before the owner of the mailbox chooses a password.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
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

async function post(path: string, body: Record<string, unknown>, form = false) {
  const response = await fetch(`${stage.instance.origin}/dbconnections/${path}`, {
    method: 'POST',
    headers: { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' },
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
    expect(answer).toMatchObject({ status: 200, body: { email: NEWCOMER, email_verified: false, name: 'Nora' } });
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
      given_name: 'N',
      user_metadata: { plan: 'premium' },
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
    await submit('Second-horse-9-battery');
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
  });

  test('attack=the password of the program is never the account’s: who signs up for somebody gets no account of theirs', async () => {
    await signUp('victim@plain.example', { password: 'Attackers-horse-9-battery' });
    const { browser } = stage.visitor();
    const page = await browser.visit(await linkIn('victim@plain.example', 'verify_email'));
    await browser.submit(page, { password: 'Victims-horse-9-battery' });
    const thief = stage.visitor();
    const answer = await thief.withPassword('victim@plain.example', 'Attackers-horse-9-battery', { organization: '' });
    expect(answer.status).not.toBe(0);
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
    [
      'more than a link holds',
      { user_metadata: { a: 'x'.repeat(500), b: 'x'.repeat(500), c: 'x'.repeat(500) } },
      'invalid_request',
    ],
  ])('%s: 400 in words, for every address alike', async (_case, fields, error) => {
    for (const email of [MEMBER, 'weak@plain.example'])
      expect(await signUp(email, fields)).toMatchObject({ status: 400, body: { error } });
  });
});
