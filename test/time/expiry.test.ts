/**
 * Everything that ends by itself, to the second, from outside: a second before its end it works, at its end it does not. The clock
 * stands still between two steps, so nothing here depends on how long a test takes; old rows are cleaned away before each use, so
 * that cleaning up takes nothing that still lives.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { countAttempt } from '../../src/login/attempt-limits.js';
import { createAttemptCounters } from '../../src/storage/attempts.js';
import { cleanUp } from '../../src/storage/housekeeping.js';
import { PASSWORD, readMailedTicket, type Visitor } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import { MANAGEMENT_CLIENT } from '../support/instance.js';
import { askForTokens } from '../support/login-stories.js';
import { createManualClock } from '../support/manual-clock.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, linkOf, proveByCode, useStage, wordsOf } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
const NEW_PASSWORD = 'Another-horse-8-staple';
let people = 0;

beforeAll(() => stage.cast.createMember('host@plain.example'));
beforeEach(() => stage.instance.database.pool.query('delete from attempt_counters'));
afterEach(() => setRefresh({ rotation_type: 'non-rotating', leeway: 0 }));

const api = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);
const setRefresh = (changes: object) =>
  api('PATCH', `/clients/${stage.cast.client.id}`, {
    refresh_token: { rotation_type: 'non-rotating', expiration_type: 'expiring', ...changes },
  });

/** Something that ends by itself. */
interface Perishable {
  /** Why it is of no use, in words of the server; undefined while it works. */
  use(): Promise<string | undefined>;
  /** Keeps it from ending early; called now and then. */
  keep?(): Promise<unknown>;
}

interface Kind {
  readonly name: string;
  readonly lifeSeconds: number;
  make(): Promise<Perishable>;
  readonly ends: RegExp;
  readonly keptEverySeconds?: number;
}

/** Somebody new at the IdP and as a member, by a name that nobody else has. */
async function newMember(domain = 'plain.example', options: { verified?: boolean } = {}) {
  const key = `t${++people}`;
  const email = `${key}@${domain}`;
  stage.cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
  const userId = await stage.cast.createMember(email, options);
  return { key, email, userId, visitor: stage.visitor() };
}

async function signedIn() {
  const member = await newMember();
  return { ...member, ...(await member.visitor.redeem(await member.visitor.withPassword(member.email))) };
}

/** Undefined when the walk ended at the application with a code, else what it ended with. */
async function refusalOf(visit: Visit): Promise<string | undefined> {
  if (visit.status !== 0) return `${visit.status} ${wordsOf(visit)}`;
  const { code, error, error_reference: reference } = Object.fromEntries(visit.url.searchParams);
  if (code !== undefined) return undefined;
  return reference === undefined ? error : ((await stage.refusal(visit)).details.code ?? error);
}

const fails = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => String(error),
  );

async function refresh(refreshToken: string): Promise<string | undefined> {
  const { status, body } = await askForTokens(stage.cast, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
  });
  return status === 200 ? undefined : String(body.error);
}

async function callWith(path: string, token: string): Promise<string | undefined> {
  const { status } = await fetch(`${stage.instance.origin}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return status === 200 ? undefined : `status ${status}`;
}

async function inviteFor(ttlSeconds: number | undefined, email: string, connectionId?: string) {
  const made = await api('POST', `/organizations/${stage.cast.acme.id}/invitations`, {
    inviter: { name: 'Dana' },
    invitee: { email },
    client_id: stage.cast.client.id,
    ...(connectionId !== undefined && { connection_id: connectionId }),
    ...(ttlSeconds !== undefined && { ttl_sec: ttlSeconds }),
  });
  const ticket = made.ticket_id as string;
  return { ticket, mailed: await readMailedTicket(stage.instance, ticket) };
}

async function newestMail(email: string, template: string) {
  const found = (await stage.instance.mail()).find(({ mail }) => mail.to === email && mail.template === template);
  if (!found) throw new Error(`no ${template} was mailed to ${email}`);
  return found.mail.model;
}

/** A link that opens a form for a new password: good as long as the form can be sent off. */
async function setPassword(visitor: Visitor, link: string): Promise<string | undefined> {
  const page = await visitor.browser.visit(link);
  const done = page.status === 200 ? await visitor.browser.submit(page, { password: NEW_PASSWORD }) : page;
  return done.status === 200 ? undefined : wordsOf(done);
}

const kinds: readonly Kind[] = [
  {
    name: 'an authorization code',
    lifeSeconds: 60,
    ends: /invalid_grant/,
    async make() {
      const { visitor, email } = await newMember();
      const answer = await visitor.withPassword(email);
      return { use: () => fails(visitor.redeem(answer)) };
    },
  },
  {
    name: 'a browser that is known to have signed somebody in',
    lifeSeconds: 15_552_000,
    ends: /^429$/,
    async make() {
      const { visitor, email } = await signedIn();
      return {
        // Where strangers have used up what is theirs, a slip is one here alone.
        async use() {
          const counters = createAttemptCounters(stage.instance.database.pool);
          for (let tries = 0; tries < 10; tries++)
            await countAttempt(counters, 'password', { email, ip: '127.0.0.1' }, clock.now());
          const { status } = await visitor.withPassword(email, 'a slip', { prompt: 'login' });
          return status === 400 ? undefined : String(status);
        },
      };
    },
  },
  {
    name: 'an open session that nobody uses',
    lifeSeconds: 259_200,
    ends: /session_not_usable/,
    async make() {
      const { visitor } = await signedIn();
      return { use: async () => refusalOf(await visitor.open({ prompt: 'none' })) };
    },
  },
  {
    name: 'a session, however often it is used',
    lifeSeconds: 604_800,
    keptEverySeconds: 200_000,
    ends: /session_not_usable/,
    async make() {
      const { visitor } = await signedIn();
      const use = async () => refusalOf(await visitor.open({ prompt: 'none' }));
      return { use, keep: use };
    },
  },
  {
    name: 'a refresh token that nobody uses',
    lifeSeconds: 1_296_000,
    ends: /invalid_grant/,
    async make() {
      const { refreshToken } = await signedIn();
      return { use: () => refresh(refreshToken) };
    },
  },
  {
    name: 'a refresh token, however often it is used',
    lifeSeconds: 2_592_000,
    keptEverySeconds: 1_200_000,
    ends: /invalid_grant/,
    async make() {
      const { refreshToken } = await signedIn();
      return { use: () => refresh(refreshToken), keep: () => refresh(refreshToken) };
    },
  },
  {
    name: "a rotated refresh token within its client's leeway",
    lifeSeconds: 45,
    ends: /invalid_grant/,
    async make() {
      await setRefresh({ rotation_type: 'rotating', leeway: 45 });
      const { refreshToken } = await signedIn();
      expect(await refresh(refreshToken)).toBeUndefined();
      return { use: () => refresh(refreshToken) };
    },
  },
  {
    name: 'an access token',
    lifeSeconds: 86_400,
    ends: /401/,
    async make() {
      const { accessToken } = await signedIn();
      return { use: () => callWith('/userinfo', accessToken) };
    },
  },
  {
    name: 'a token for the Management API',
    lifeSeconds: 86_400,
    ends: /401/,
    async make() {
      const { body } = await askForTokens(stage.cast, {
        grant_type: 'client_credentials',
        client_id: MANAGEMENT_CLIENT.id,
        client_secret: MANAGEMENT_CLIENT.secret,
        audience: `${stage.instance.origin}/api/v2/`,
      });
      return { use: () => callWith('/api/v2/roles', String(body.access_token)) };
    },
  },
  {
    name: 'an invitation, opened',
    lifeSeconds: 604_800,
    ends: /invitation_not_found/,
    async make() {
      const { mailed } = await inviteFor(undefined, `t${++people}@plain.example`);
      return {
        async use() {
          const visit = await stage.visitor().open({ invitation: mailed });
          return visit.url.pathname === '/u/invitation' ? undefined : refusalOf(visit);
        },
      };
    },
  },
  {
    name: 'an invitation whose person stands at the IdP',
    lifeSeconds: 1_800,
    ends: /invitation_not_found/,
    async make() {
      const key = `t${++people}`;
      const email = `${key}@acme.example`;
      stage.cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
      const { mailed } = await inviteFor(1_800, email, stage.cast.acme.connectionId);
      const visitor = stage.visitor();
      const page = await visitor.browser.submit(await visitor.open({ invitation: mailed }), { action: 'default' });
      return { use: async () => refusalOf(await visitor.signInAtIdp(page, key)) };
    },
  },
  {
    name: 'a mailed code that proves an account',
    lifeSeconds: 600,
    ends: /400 .*code/,
    async make() {
      const { key, email, visitor } = await newMember('acme.example', { verified: false });
      const page = await visitor.throughSso(key, email);
      const code = await stage.mailedCode(email);
      return { use: async () => refusalOf(await proveByCode(visitor, page, code)) };
    },
  },
  {
    name: 'a mailed code that opens an account',
    lifeSeconds: 600,
    ends: /400 .*code/,
    async make() {
      const email = `t${++people}@plain.example`;
      const { ticket } = await inviteFor(undefined, email);
      const visitor = stage.visitor();
      const form = await visitor.browser.submit(await visitor.open({ invitation: ticket }), { action: 'default' });
      const page = await visitor.browser.submit(form, { password: NEW_PASSWORD });
      const code = await stage.mailedCode(email);
      return { use: async () => refusalOf(await proveByCode(visitor, page, code)) };
    },
  },
  {
    name: 'a mailed link to a new password',
    lifeSeconds: 86_400,
    ends: /This link cannot be used/,
    async make() {
      const { email, visitor } = await newMember();
      const page = await visitor.type(await visitor.open(), email, 'password');
      const form = await visitor.browser.visit(linkOf(page, 'Forgot your password?'));
      await visitor.browser.submit(form, { username: email });
      const link = String((await newestMail(email, 'password_reset')).url);
      return { use: () => setPassword(stage.visitor(), link) };
    },
  },
  {
    name: "an administrator's link to a new password",
    lifeSeconds: 432_000,
    ends: /This link cannot be used/,
    async make() {
      const { userId } = await newMember();
      const { ticket } = await api('POST', '/tickets/password-change', { user_id: userId });
      return { use: () => setPassword(stage.visitor(), String(ticket)) };
    },
  },
  {
    name: "an administrator's link that confirms an address",
    lifeSeconds: 7_200,
    ends: /This link cannot be used/,
    async make() {
      const { userId } = await newMember('plain.example', { verified: false });
      const { ticket } = await api('POST', '/tickets/email-verification', { user_id: userId, ttl_sec: 7_200 });
      return {
        async use() {
          const { browser } = stage.visitor();
          const page = await browser.visit(String(ticket));
          const done = page.status === 200 ? await browser.submit(page) : page;
          return done.status === 200 ? undefined : wordsOf(done);
        },
      };
    },
  },
  {
    name: 'an unfinished login at our own page',
    lifeSeconds: 3_600,
    ends: /400 This sign-in cannot be continued/,
    async make() {
      const { email, visitor } = await newMember();
      const page = await visitor.type(await visitor.open(), email, 'password');
      return { use: async () => refusalOf(await visitor.browser.submit(page, { password: PASSWORD })) };
    },
  },
  {
    name: 'an unfinished login at the IdP',
    lifeSeconds: 3_600,
    ends: /400 This sign-in cannot be continued/,
    async make() {
      const { key, email, visitor } = await newMember('acme.example');
      const page = await visitor.type(await visitor.open(), email);
      return { use: async () => refusalOf(await visitor.signInAtIdp(page, key)) };
    },
  },
];

async function pass(seconds: number, kind: Kind, things: readonly Perishable[]): Promise<void> {
  let left = seconds;
  while (kind.keptEverySeconds !== undefined && left > kind.keptEverySeconds) {
    clock.advanceMs(kind.keptEverySeconds * 1000);
    left -= kind.keptEverySeconds;
    for (const thing of things) expect(await thing.keep?.()).toBeUndefined();
  }
  clock.advanceMs(left * 1000);
  await cleanUp(stage.instance.database.pool, clock.now(), { logDays: 90 });
}

test.each(kinds)('$name: $lifeSeconds seconds, and not one more', async (kind) => {
  const early = await kind.make();
  const late = await kind.make();
  await pass(kind.lifeSeconds - 1, kind, [early, late]);
  expect(await early.use()).toBeUndefined();
  await pass(1, kind, []);
  expect(await late.use()).toMatch(kind.ends);
});

describe('what a request or an answer says about time', () => {
  test('max_age counts from the sign-in itself: at its end the session will do, a second later it will not', async () => {
    const { visitor } = await signedIn();
    clock.advanceMs(600_000);
    expect(await refusalOf(await visitor.open({ prompt: 'none', max_age: '600' }))).toBeUndefined();
    clock.advanceMs(1_000);
    expect(await refusalOf(await visitor.open({ prompt: 'none', max_age: '600' }))).toMatch(/session_not_usable/);
    expect(await refusalOf(await visitor.open({ prompt: 'none' }))).toBeUndefined();
  });

  const now = () => Math.floor(clock.now().getTime() / 1000);
  test.each([
    ['expired 59 seconds ago', () => ({ exp: now() - 59 }), undefined],
    ['expired a minute ago', () => ({ exp: now() - 60 }), 'id_token.exp'],
    ['was issued in a minute', () => ({ iat: now() + 60 }), undefined],
    ['was issued in 61 seconds', () => ({ iat: now() + 61 }), 'id_token.iat'],
    ['is good from in a minute', () => ({ nbf: now() + 60 }), undefined],
    ['is good from in 61 seconds', () => ({ nbf: now() + 61 }), 'id_token.nbf'],
  ])("the IdP's ID token %s", async (_name, claims, check) => {
    const { key, email, visitor } = await newMember('acme.example');
    const page = await visitor.type(await visitor.open(), email);
    const before = await stage.instance.snapshot();
    stage.cast.idp.next({ claims: claims() });
    const answer = await visitor.signInAtIdp(page, key);
    if (check === undefined) {
      await visitor.redeem(answer);
      return;
    }
    const refused = (await stage.refusal(answer)).details.trace?.find((line) => line.answer === 'refuse');
    expect(refused?.evidence.check).toBe(check);
    await expectNothingLeft(stage.instance, before);
  });
});

test('ten wrong passwords shut an address for a quarter of an hour from the first, to the second', async () => {
  const { email } = await newMember();
  for (let tries = 0; tries < 10; tries++) {
    await stage.visitor().withPassword(email, `wrong-${tries}`);
    clock.advanceMs(10_000);
  }
  clock.advanceMs((900 - 100 - 1) * 1000);
  expect((await stage.visitor().withPassword(email)).status).toBe(429);
  clock.advanceMs(1_000);
  answerOf(await stage.visitor().withPassword(email));
});
