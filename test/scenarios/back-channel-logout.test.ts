/**
 * OpenID Connect Back-Channel Logout 1.0: applications are told of each ending of a session, by a token that says which; a receiver that is down,
 * or whose address is not public, costs nobody else anything.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.js';
import { cleanUp } from '../../src/storage/housekeeping.js';
import { createSessionEnder } from '../../src/storage/sessions.js';
import { type Cast, createCast, PASSWORD, Visitor } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { type Instance, type Json, startInstance } from '../support/instance.js';

interface Receiver {
  readonly url: string;
  readonly tokens: string[];
  status: number;
  stop(): Promise<void>;
}

async function startReceiver(): Promise<Receiver> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const token = new URLSearchParams(Buffer.concat(chunks).toString()).get('logout_token') ?? '';
      receiver.tokens.push(token);
      response.writeHead(receiver.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/backchannel-logout`,
    tokens: [],
    status: 204,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return receiver;
}

let instance: Instance;
let cast: Cast;
let receiver: Receiver;

const ALL = { mode: 'all' };
const setLogout = (settings: Json, clientId = cast.client.id) =>
  instance.api('PATCH', `/clients/${clientId}`, { oidc_logout: settings });
const listen = (initiators: Json | 'not chosen' = ALL) =>
  setLogout({
    backchannel_logout_urls: [receiver.url],
    ...(initiators !== 'not chosen' && { backchannel_logout_initiators: initiators }),
  });

beforeAll(async () => {
  [instance, receiver] = await Promise.all([startInstance(), startReceiver()]);
  cast = await createCast(instance);
  await listen();
});
afterEach(() => {
  receiver.tokens.length = 0;
  receiver.status = 204;
});
afterAll(async () => {
  await cast?.stop();
  await instance?.stop();
  await receiver?.stop();
});

interface Person {
  readonly visitor: Visitor;
  readonly userId: string;
  readonly sid: string;
  readonly idToken: string;
  readonly accessToken: string;
}

let people = 0;

async function signIn(visitor = new Visitor(cast)): Promise<Person> {
  people += 1;
  const email = `person${people}@plain.example`;
  await cast.createMember(email);
  const { claims, idToken, accessToken } = await visitor.redeem(await visitor.withPassword(email));
  return { visitor, userId: claims.sub as string, sid: claims.sid as string, idToken, accessToken };
}

/** Waits for a token and checks it as section 2.6 says. */
async function received(): Promise<JWTPayload> {
  await expect.poll(() => receiver.tokens.length).toBeGreaterThan(0);
  const token = receiver.tokens[0] ?? '';
  const keys = createRemoteJWKSet(new URL(`${instance.origin}/.well-known/jwks.json`));
  const { payload } = await jwtVerify(token, keys, {
    issuer: `${instance.origin}/`,
    audience: cast.client.id,
    typ: 'logout+jwt',
    algorithms: ['RS256'],
  });
  expect(payload.events).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} });
  expect(payload).not.toHaveProperty('nonce');
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(120);
  expect(payload.jti).toEqual(expect.any(String));
  return payload;
}

const linesOf = async (userId: string, type: string) =>
  (
    await instance.database.pool.query<{ details: { initiator: string; reason?: string } }>(
      'select details from logs where user_id = $1 and type = $2 order by date, log_id',
      [userId, type],
    )
  ).rows.map(({ details }) => details);

const logOut = ({ visitor }: Pick<Person, 'visitor'>) =>
  visitor.browser.request(`${instance.origin}/v2/logout?client_id=${cast.client.id}`);

const counted = async (table: string) =>
  (await instance.database.pool.query<{ count: number }>(`select count(*)::int as count from ${table}`)).rows[0]?.count;

/** Each way in which a session ends, and the reason that Auth0 has for it. */
const ENDINGS: Readonly<Record<string, readonly [string, (person: Person) => Promise<unknown>]>> = {
  'the person signs out': ['rp-logout', logOut],
  'the application signs them out by an ID token': [
    'rp-logout',
    ({ idToken }) => new Visitor(cast).browser.visit(`${instance.origin}/oidc/logout?id_token_hint=${idToken}`),
  ],
  'an operator revokes the session': ['session-revoked', ({ sid }) => instance.api('POST', `/sessions/${sid}/revoke`)],
  'an operator deletes the session': ['session-revoked', ({ sid }) => instance.api('DELETE', `/sessions/${sid}`)],
  'an operator ends all sessions': [
    'session-revoked',
    ({ userId }) => instance.api('DELETE', `/users/${encodeURIComponent(userId)}/sessions`),
  ],
  'an operator blocks the account': [
    'account-deactivated',
    ({ userId }) => instance.api('PATCH', `/users/${encodeURIComponent(userId)}`, { blocked: true }),
  ],
  'an operator sets a password': [
    'password-changed',
    ({ userId }) =>
      instance.api('PATCH', `/users/${encodeURIComponent(userId)}`, {
        password: `${PASSWORD}-2`,
        connection: 'Username-Password-Authentication',
      }),
  ],
  'an operator changes the address': [
    'email-identifier-changed',
    ({ userId, sid }) =>
      instance.api('PATCH', `/users/${encodeURIComponent(userId)}`, { email: `${sid.toLowerCase()}@plain.example` }),
  ],
  'an operator deletes the account': [
    'account-deleted',
    ({ userId }) => instance.api('DELETE', `/users/${encodeURIComponent(userId)}`),
  ],
  'the person is no member any more': [
    'session-revoked',
    ({ userId }) => instance.api('DELETE', `/organizations/${cast.acme.id}/members`, { members: [userId] }),
  ],
  'the session expires': [
    'session-expired',
    async ({ sid }) => {
      const at = systemClock.now();
      await instance.database.pool.query('update sessions set expires_at = $2 where id = $1', [
        sid,
        new Date(at.getTime() - 1000),
      ]);
      await cleanUp(instance.database.pool, at, { logDays: 30 });
    },
  ],
  'the session is idle for too long': [
    'session-expired',
    async ({ sid }) => {
      const at = systemClock.now();
      await instance.database.pool.query(
        "update sessions set last_used_at = $2::timestamptz - interval '4 days' where id = $1",
        [sid, at],
      );
      await cleanUp(instance.database.pool, at, { logDays: 30 });
    },
  ],
  'the identity provider signs them out': [
    'idp-logout',
    async ({ sid }) => {
      const { pool } = instance.database;
      const idp = { name: sid, issuedAt: 0 };
      await pool.query('update sessions set idp_session = $2 where id = $1', [sid, JSON.stringify(idp)]);
      const now = systemClock.now();
      const ended = { connectionId: cast.databaseId, name: sid, indexes: [], issuedUntil: now };
      await createSessionEnder(pool).endIdpSessions(ended, now);
    },
  ],
  'the person sets a new password by mail': [
    'password-changed',
    async ({ userId, visitor }) => {
      const { ticket } = await instance.api<{ ticket: string }>('POST', '/tickets/password-change', {
        user_id: userId,
      });
      const page = await new Visitor(cast).browser.visit(ticket);
      const password = `${PASSWORD}-3`;
      const done = await visitor.browser.submit(page, { password });
      expect(done.status).toBe(200);
    },
  ],
  // Any statement that deletes the row, also one that is written tomorrow.
  'a statement deletes the row': [
    'session-revoked',
    ({ sid }) => instance.database.pool.query('delete from sessions where id = $1', [sid]),
  ],
};

test.each(Object.entries(ENDINGS))('%s: the application is told, with the reason', async (_name, [initiator, end]) => {
  const person = await signIn();
  await end(person);
  expect(await received()).toMatchObject({ sub: person.userId, sid: person.sid });
  await expect
    .poll(() => linesOf(person.userId, 'oidc_backchannel_logout_succeeded'))
    .toEqual([{ initiator, session_id: person.sid }]);
  expect(await counted('logout_notices')).toBe(0);
});

test('without a choice of initiators an application is told of logouts alone', async () => {
  await listen('not chosen');
  try {
    const revoked = await signIn();
    await instance.api('POST', `/sessions/${revoked.sid}/revoke`);
    const gone = await signIn();
    await logOut(gone);
    expect(await received()).toMatchObject({ sid: gone.sid });
    await expect.poll(() => counted('logout_notices')).toBe(0);
    expect(receiver.tokens).toHaveLength(1);
  } finally {
    await listen();
  }
});

test('only the reasons that an application chose', async () => {
  await listen({ mode: 'custom', selected_initiators: ['account-deactivated'] });
  try {
    const revoked = await signIn();
    await instance.api('POST', `/sessions/${revoked.sid}/revoke`);
    const blocked = await signIn();
    await instance.api('PATCH', `/users/${encodeURIComponent(blocked.userId)}`, { blocked: true });
    expect(await received()).toMatchObject({ sid: blocked.sid });
    await expect.poll(() => counted('logout_notices')).toBe(0);
    expect(receiver.tokens).toHaveLength(1);
  } finally {
    await listen();
  }
});

test('somebody who signs in again in the same browser is not reported to that application', async () => {
  const { visitor, userId, sid } = await signIn();
  const page = await visitor.open({ prompt: 'login' });
  const email = `person${people}@plain.example`;
  const answer = await visitor.browser.submit(await visitor.type(page, email, 'password'), { password: PASSWORD });
  const again = await visitor.redeem(answer);
  expect(again.claims.sid).not.toBe(sid);
  await logOut({ visitor });
  expect(await received()).toMatchObject({ sub: userId, sid: again.claims.sid });
  await expect.poll(() => counted('logout_notices')).toBe(0);
  expect(receiver.tokens).toHaveLength(1);
});

test('a receiver that is down is tried again, by another node too; the operator sees it at once', async () => {
  receiver.status = 503;
  const person = await signIn();
  await logOut(person);
  await expect
    .poll(() => linesOf(person.userId, 'oidc_backchannel_logout_failed'))
    .toEqual([
      { initiator: 'rp-logout', session_id: person.sid, reason: 'is tried again: the application answered 503' },
    ]);
  receiver.status = 204;
  const other = await startInstance({ beside: instance });
  try {
    // This node leaves the application alone for five seconds; the other one does not know of the failure.
    await instance.database.pool.query("update logout_notices set next_attempt_at = '-infinity'");
    await expect.poll(() => counted('logout_notices')).toBe(0);
    expect(await linesOf(person.userId, 'oidc_backchannel_logout_succeeded')).toHaveLength(1);
  } finally {
    await other.stop();
  }
});

test('an application that cannot use the token is asked once', async () => {
  receiver.status = 400;
  const person = await signIn();
  await logOut(person);
  await expect.poll(() => counted('logout_notices')).toBe(0);
  // A node that has just seen the application fail may have noted that first, without a request.
  const lines = await linesOf(person.userId, 'oidc_backchannel_logout_failed');
  expect(lines.at(-1)).toMatchObject({ reason: 'the application answered 400' });
  expect(receiver.tokens).toHaveLength(1);
});

// Attack: somebody who may change an application has this server send requests into its own network.
test('a private network is never reached', async () => {
  await setLogout({ backchannel_logout_urls: ['https://10.1.2.3/logout'], backchannel_logout_initiators: ALL });
  try {
    const person = await signIn();
    await logOut(person);
    await expect
      .poll(() => linesOf(person.userId, 'oidc_backchannel_logout_failed'))
      .toMatchObject([{ reason: expect.stringContaining('10.1.2.3') }]);
    await instance.database.pool.query('delete from logout_notices');
  } finally {
    await listen();
  }
});

test('a refused sign-in leaves nothing for it', async () => {
  cast.people.sid = { sub: 'idp-sid', email: 'sid@acme.example', email_verified: true };
  const before = await instance.snapshot();
  const answer = await new Visitor(cast).throughSso('sid', 'sid@acme.example');
  expect(answer.url.searchParams.get('error')).toBe('access_denied');
  expect(Object.keys(diffSnapshots(before, await instance.snapshot()))).not.toContain('session_clients');
});

// Attack: a receiver of logout tokens uses one in place of an ID token or an access token (RFC 8725, section 2.8).
test('a logout token opens nothing here', async () => {
  const person = await signIn();
  const other = await signIn();
  await logOut(person);
  await received();
  const token = receiver.tokens[0] ?? '';
  expect(decodeProtectedHeader(token).typ).toBe('logout+jwt');
  const userinfo = await fetch(`${instance.origin}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
  expect(userinfo.status).toBe(401);
  const page = await other.visitor.browser.visit(`${instance.origin}/oidc/logout?id_token_hint=${token}`);
  expect(page.text).toContain('Sign out');
});

test.each([
  [['http://app.example/logout'], 'https'],
  [['https://app.example/logout#here'], '#'],
  [['https://a.example/', 'https://b.example/'], 'one URL'],
])('%s is not accepted', async (urls, word) => {
  for (const name of ['oidc_logout', 'oidc_backchannel_logout']) {
    const body = { [name]: { backchannel_logout_urls: urls } };
    const answer = await instance.api<Json>('PATCH', `/clients/${cast.client.id}`, body, 400);
    expect(answer.message).toContain(word);
  }
});

test('single sign-on: another application that the session signs in to is told, too', async () => {
  const person = await signIn();
  const other = await startReceiver();
  const client = await instance.api('POST', '/clients', {
    name: 'Other',
    app_type: 'regular_web',
    callbacks: ['http://127.0.0.1:9/callback'],
    organization_usage: 'require',
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'client_secret_post',
    oidc_backchannel_logout: { backchannel_logout_urls: [other.url] },
  });
  const answer = await person.visitor.open({ client_id: client.client_id as string });
  expect(answer.url.searchParams.get('code')).not.toBeNull();
  await logOut(person);
  try {
    await expect.poll(() => other.tokens.length).toBe(1);
    expect(await received()).toMatchObject({ sid: person.sid });
  } finally {
    await other.stop();
  }
});

test('the older name of the setting has its own reasons; an empty URL under the present name stops all', async () => {
  const older = { backchannel_logout_urls: [receiver.url], backchannel_logout_initiators: ALL };
  const set = (body: Json) => instance.api('PATCH', `/clients/${cast.client.id}`, body);
  await set({ oidc_logout: null, oidc_backchannel_logout: older });
  try {
    const revoked = await signIn();
    await instance.api('POST', `/sessions/${revoked.sid}/revoke`);
    expect(await received()).toMatchObject({ sid: revoked.sid });
    receiver.tokens.length = 0;
    await set({ oidc_logout: { backchannel_logout_urls: [] } });
    const quiet = await signIn();
    await logOut(quiet);
    expect(await counted('logout_notices')).toBe(0);
    expect(receiver.tokens).toEqual([]);
  } finally {
    await set({ oidc_backchannel_logout: null });
    await listen();
  }
});

test('a person whose account is bound by the company’s sign-in is signed out where they were', async () => {
  const userId = await cast.createMember('bea@acme.example');
  const before = new Visitor(cast);
  const { claims } = await before.redeem(await before.withPassword('bea@acme.example'));
  cast.people.bea = { sub: 'idp-bea', email: 'bea@acme.example', email_verified: true };
  const visitor = new Visitor(cast);
  const after = await visitor.redeem(await visitor.throughSso('bea', 'bea@acme.example'));
  expect(after.claims.sub).toBe(userId);
  expect(await received()).toMatchObject({ sub: userId, sid: claims.sid });
});

test('a directory that deactivates a person signs them out of the application', async () => {
  const { connectionId } = cast.acme;
  await instance.api('POST', `/connections/${connectionId}/scim-configuration`, { user_id_attribute: 'externalId' });
  const { token } = await instance.api<{ token: string }>(
    'POST',
    `/connections/${connectionId}/scim-configuration/tokens`,
    {},
  );
  const scim = async (method: string, path: string, body?: Json) => {
    const answer = await fetch(`${instance.origin}/scim/v2/connections/${connectionId}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
    return (await answer.json()) as Json;
  };
  const created = await scim('POST', '/Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'cleo@acme.example',
    externalId: 'idp-cleo',
    emails: [{ value: 'cleo@acme.example', primary: true }],
    active: true,
  });
  cast.people.cleo = { sub: 'idp-cleo', email: 'cleo@acme.example', email_verified: true };
  const visitor = new Visitor(cast);
  const { claims } = await visitor.redeem(
    await visitor.signInAtIdp(await visitor.accept(await cast.invite('cleo@acme.example')), 'cleo'),
  );
  await scim('PATCH', `/Users/${created.id as string}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', value: { active: false } }],
  });
  expect(await received()).toMatchObject({ sub: claims.sub, sid: claims.sid });
  await expect
    .poll(() => linesOf(claims.sub as string, 'oidc_backchannel_logout_succeeded'))
    .toMatchObject([{ initiator: 'account-deactivated' }]);
});

test('a redirect is not followed, and confirms nothing', async () => {
  receiver.status = 302;
  const person = await signIn();
  await logOut(person);
  await expect
    .poll(() => linesOf(person.userId, 'oidc_backchannel_logout_failed'))
    .toMatchObject([{ reason: 'is tried again: the application answered 302' }]);
  await instance.database.pool.query('delete from logout_notices');
});

// Found by a review: the notice's foreign key waited for the deletion, which waited for the row of the session.
test('an application that is deleted while its people sign out holds up nobody', async () => {
  const person = await signIn();
  const deletion = await instance.database.pool.connect();
  try {
    await deletion.query('begin');
    await deletion.query('select 1 from clients where client_id = $1 for update', [cast.client.id]);
    await instance.database.pool.query('delete from sessions where id = $1', [person.sid]);
    await deletion.query('delete from session_clients where client_id = $1', [cast.client.id]);
    await deletion.query('rollback');
  } finally {
    deletion.release();
  }
  expect(await received()).toMatchObject({ sid: person.sid });
});

test('an application without a URL costs nothing', async () => {
  await setLogout({ backchannel_logout_urls: [] });
  try {
    const before = await counted('session_clients');
    const person = await signIn();
    expect(await counted('session_clients')).toBe(before);
    await logOut(person);
    expect(await counted('logout_notices')).toBe(0);
  } finally {
    await listen();
  }
});

test('the server says that it can', async () => {
  const answer = await fetch(`${instance.origin}/.well-known/openid-configuration`);
  expect(await answer.json()).toMatchObject({
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  });
});

// A connection keeps the plan of a trigger's first run: after a bulk deletion each logout read the whole table, 70 ms for 300,000 rows.
test('each function that reads what a deletion deleted may only loop over indexes', async () => {
  const { rows } = await instance.database.pool.query(
    `select p.proname, p.proconfig from pg_proc p join pg_trigger t on t.tgfoid = p.oid where not t.tgisinternal and t.tgoldtable is not null`,
  );
  expect(rows.length).toBeGreaterThanOrEqual(3);
  for (const { proname, proconfig } of rows)
    expect(proconfig, proname).toEqual(['enable_hashjoin=off', 'enable_mergejoin=off', 'enable_seqscan=off']);
});
