/**
 * Attack: an answer of a passkey is used for another person, another login or another browser, or comes from a copy of the
 * authenticator. None signs anybody in, and none tells who has an account.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAuthenticator } from '../../support/authenticator.js';
import { PASSWORD, Visitor } from '../../support/cast.js';
import { playInOrder } from '../../support/held-writes.js';
import type { Visit } from '../../support/http-browser.js';
import { type Instance, startInstance } from '../../support/instance.js';
import { createManualClock } from '../../support/manual-clock.js';
import { useStage, wordsOf } from '../../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });

const sql = async (text: string, values: unknown[] = []) =>
  (await stage.instance.database.pool.query(text, values)).rows as Record<string, unknown>[];

function optionsOf(page: Visit, how: 'create' | 'get'): string {
  const found = new RegExp(`data-passkey-${how}="([^"]+)"`).exec(page.text)?.[1];
  if (found === undefined) throw new Error(`the page asks for no passkey: ${wordsOf(page)}`);
  return found.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

const newDevice = () => {
  const { hostname, origin } = new URL(stage.instance.origin);
  return createAuthenticator({ origin, rpId: hostname });
};
type Device = ReturnType<typeof newDevice>;

async function newMember(email: string): Promise<{ userId: string; device: Device }> {
  const userId = await stage.cast.createMember(email);
  const device = newDevice();
  const visitor = stage.visitor();
  const page = await visitor.withPassword(email);
  await visitor.redeem(await visitor.browser.submit(page, { answer: device.create(optionsOf(page, 'create')) }));
  return { userId, device };
}

const send = (visitor: Visitor, page: Visit, answer: string) => visitor.browser.submit(page, { answer });

/** The person is back at the address page, and the log says why. */
async function expectRefused(page: Visit, detail: RegExp): Promise<void> {
  expect(page.status).toBe(400);
  expect(wordsOf(page)).toContain('This passkey does not sign you in here.');
  const [line] = await sql(
    "select details from logs where details ->> 'code' = 'authenticate.passkey_failed' order by date desc limit 1",
  );
  expect(line).toMatchObject({ details: { detail: expect.stringMatching(detail) } });
}

let alice: Awaited<ReturnType<typeof newMember>>;
let bob: Awaited<ReturnType<typeof newMember>>;
let right: Instance;

beforeAll(async () => {
  right = await startInstance({ beside: stage.instance, clock });
  await stage.instance.api('PATCH', `/connections/${stage.cast.databaseId}`, {
    options: { authentication_methods: { passkey: { enabled: true } } },
  });
  alice = await newMember('alice@acme.example');
  bob = await newMember('bob@acme.example');
});
afterAll(() => right?.stop());
beforeEach(() => clock.advanceMs(1000));

test('a passkey signs in its own account, whatever address was typed', async () => {
  const visitor = stage.visitor();
  const typed = await visitor.type(await visitor.open(), 'alice@acme.example', 'password');
  const page = await visitor.browser.visit(typed.url.href.replace('/u/login/password', '/u/login/identifier'));
  const { claims } = await visitor.redeem(await send(visitor, page, bob.device.get(optionsOf(page, 'get'))));
  expect(claims.sub).toBe(bob.userId);
});

test('the offer makes no passkey on an authenticator that did not verify the person', async () => {
  const userId = await stage.cast.createMember('unverified@acme.example');
  const made = () => sql("select id from factors where user_id = $1 and kind = 'passkey'", [userId]);
  const visitor = stage.visitor();
  const page = await visitor.withPassword('unverified@acme.example');
  const answer = newDevice().create(optionsOf(page, 'create'), { userVerified: false });
  const again = await send(visitor, page, answer);
  expect([again.status, wordsOf(again)]).toEqual([400, expect.stringContaining('That did not work.')]);
  expect(await made()).toEqual([]);
  await visitor.redeem(await send(visitor, again, newDevice().create(optionsOf(again, 'create'))));
  expect(await made()).toHaveLength(1);
});

test('an application that expects one person gets no other', async () => {
  const visitor = stage.visitor();
  const { idToken } = await visitor.redeem(
    await visitor.withPassword('alice@acme.example', PASSWORD, { prompt: 'login' }),
  );
  const other = stage.visitor();
  const page = await other.open({ id_token_hint: idToken, prompt: 'login' });
  const end = await send(other, page, bob.device.get(optionsOf(page, 'get')));
  expect((await stage.refusal(end)).details.code).toBe('resolve.other_user');
});

describe('is refused:', () => {
  const cases: readonly (readonly [string, Parameters<Device['get']>[1], RegExp])[] = [
    ['the handle of another account', { userHandle: randomBytes(32).toString('base64url') }, /another account/],
    ['no handle', { userHandle: null }, /no user handle/],
    ['an authenticator that did not verify the person', { userVerified: false }, /verif/i],
    ['another origin', { origin: 'https://evil.example' }, /origin/],
    ['a frame of another site', { crossOrigin: true }, /frame/],
    ['a counter that stood still: a copy', { signCount: 1 }, /copy/],
  ];
  test.each(cases)('%s', async (_what, knobs, detail) => {
    const visitor = stage.visitor();
    const page = await visitor.open();
    await expectRefused(await send(visitor, page, alice.device.get(optionsOf(page, 'get'), knobs)), detail);
  });

  test('an answer that was made for another browser', async () => {
    const thief = stage.visitor();
    const theirs = await thief.open();
    const owner = stage.visitor();
    const own = await owner.open();
    const answer = alice.device.get(optionsOf(own, 'get'));
    await expectRefused(await send(thief, theirs, answer), /challenge/i);
  });

  test('the same answer in a second login, and the same form sent again', async () => {
    const visitor = stage.visitor();
    const page = await visitor.open();
    const answer = alice.device.get(optionsOf(page, 'get'));
    await visitor.redeem(await send(visitor, page, answer));
    const again = await send(visitor, page, answer);
    expect(again.url.searchParams.get('code')).toBeNull();
    const second = await visitor.open({ prompt: 'login' });
    await expectRefused(await send(visitor, second, answer), /challenge/i);
  });

  test('a passkey that was deleted, and one of an account that no database of this login signs in', async () => {
    const gone = await newMember('gone@acme.example');
    await sql('delete from factors where user_id = $1', [gone.userId]);
    const visitor = stage.visitor();
    const page = await visitor.open();
    await expectRefused(await send(visitor, page, gone.device.get(optionsOf(page, 'get'))), /not known/);
    clock.advanceMs(1000);
    const moved = await newMember('moved@acme.example');
    const other = await stage.instance.api('POST', '/connections', { name: 'elsewhere', strategy: 'auth0' });
    for (const table of ['password_credentials', 'identities'])
      await sql(`update ${table} set connection_id = $2 where user_id = $1`, [moved.userId, other.id]);
    const next = stage.visitor();
    const asked = await next.open();
    await expectRefused(await send(next, asked, moved.device.get(optionsOf(asked, 'get'))), /no database/);
  });
});

test.each([
  ['a key that counts', {}],
  // A synced passkey has no counter that would tell.
  ['a passkey that does not count', { signCount: 0 }],
] as const)('one answer on two nodes at once, with the cookies of one browser: %s', async (name, knobs) => {
  const { userId, device } = await newMember(`twice-${'signCount' in knobs ? 'synced' : 'counting'}@acme.example`);
  if ('signCount' in knobs) await sql('update factors set sign_count = 0 where user_id = $1', [userId]);
  await sql('delete from sessions where user_id = $1', [userId]);
  const left = stage.visitor();
  const page = await left.open();
  const answer = device.get(optionsOf(page, 'get'), knobs);
  const other = new Visitor({ ...stage.cast, instance: right }, left.browser.clone());
  const played = await playInOrder(
    stage.instance.database.pool,
    { pool: stage.instance.server.pool, matches: /^with\s+connection_now/, run: () => send(left, page, answer) },
    { run: () => send(other, page, answer) },
  );
  expect(played.waited, `${name}: the second commit waits for the first`).toBe(true);
  const isIn = (end: Visit) => end.status === 0 && end.url.searchParams.has('code');
  expect([isIn(played.first), isIn(played.second)]).toEqual([true, false]);
  expect(await sql('select 1 from sessions where user_id = $1', [userId])).toHaveLength(1);
});

test('a blocked person is refused as with a password', async () => {
  const blocked = await newMember('blocked@acme.example');
  await stage.instance.api('PATCH', `/users/${blocked.userId}`, { blocked: true });
  const visitor = stage.visitor();
  const page = await visitor.open();
  const end = await send(visitor, page, blocked.device.get(optionsOf(page, 'get')));
  expect((await stage.refusal(end)).details.code).toBe('admit.user_blocked');
});

test('guesses from one network are limited', async () => {
  clock.advanceMs(3_600_000);
  const visitor = stage.visitor();
  let page = await visitor.open();
  const answer = () => alice.device.get(optionsOf(page, 'get'), { breaksSignature: true });
  for (let time = 0; time < 10; time += 1) page = await send(visitor, page, answer());
  const end = await send(visitor, page, answer());
  expect((await stage.refusal(end)).details.code).toBe('authenticate.too_many_attempts');
  clock.advanceMs(3_600_000);
});

test('where the organization requires the company’s sign-in, a passkey is refused as a password is', async () => {
  const { acme } = stage.cast;
  const path = `/organizations/${acme.id}/enabled_connections/${acme.connectionId}`;
  await stage.instance.api('PATCH', path, { sso_rollout: 'required' });
  const visitor = stage.visitor();
  const page = await visitor.open();
  const end = await send(visitor, page, bob.device.get(optionsOf(page, 'get')));
  expect((await stage.refusal(end)).details.code).toBe('admit.sso_required');
  await stage.instance.api('PATCH', path, { sso_rollout: 'optional' });
});
