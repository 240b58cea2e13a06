/**
 * Attack: somebody reads a copy of the database, or the log that operators collect. After a busy day every secret that was
 * handled is looked for, in every column of every table and in every line of the log.
 */
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server, startServer } from '../../src/compose/server.js';
import { parseConfig } from '../../src/config/config.js';
import { type Cast, createCast, PASSWORD, Visitor } from '../support/cast.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { findFreePort, type Instance, type Json, MANAGEMENT_CLIENT } from '../support/instance.js';
import { linkOf } from '../support/stage.js';

const KEY = Buffer.alloc(32, 9).toString('base64');
const WRONG = 'a-Wrong-password-9-typed';
const RESET = 'A-reset-password-7-chosen';
const SIGN_UP = 'A-signed-up-password-5';
const CREATED = 'A-created-password-3-by-api';
const UPSTREAM = 'the-secret-at-the-identity-provider';
const CLIENT_SECRET = 'a-client-secret-that-was-chosen-by-hand-0123456789';

let database: TestDatabase;
let server: Server;
let cast: Cast;
const lines: string[] = [];
const secrets = new Map<string, string>([
  ['password', PASSWORD],
  ['wrong password', WRONG],
  ['reset password', RESET],
  ['signed-up password', SIGN_UP],
  ['created password', CREATED],
  ['upstream secret', UPSTREAM],
  ['client secret', CLIENT_SECRET],
  ['management secret', MANAGEMENT_CLIENT.secret],
  ['master key', KEY],
]);

function keep(name: string, value: unknown): string {
  if (typeof value !== 'string' || value.length < 6) throw new Error(`${name} is no secret: ${String(value)}`);
  secrets.set(`${name} ${secrets.size}`, value);
  return value;
}

beforeAll(async () => {
  database = await createTestDatabase();
  const config = parseConfig({
    PORT: String(await findFreePort()),
    DATABASE_URL: database.url,
    VESTIBULE_SECRET_KEY: KEY,
    VESTIBULE_MANAGEMENT_CLIENT_ID: MANAGEMENT_CLIENT.id,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: MANAGEMENT_CLIENT.secret,
    VESTIBULE_OUTBOUND_ALLOW: '127.0.0.0/8,::1',
    VESTIBULE_LOG_LEVEL: 'trace',
  });
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  server = await startServer(config, { logger: pino({ level: 'trace' }, stream), passwordRefusalFloorMs: 0 });
  const { origin } = server;
  const post = (path: string, form: Record<string, string>) =>
    fetch(`${origin}${path}`, { method: 'POST', body: new URLSearchParams(form) });
  const granted = await post('/oauth/token', {
    grant_type: 'client_credentials',
    client_id: MANAGEMENT_CLIENT.id,
    client_secret: MANAGEMENT_CLIENT.secret,
    audience: `${origin}/api/v2/`,
  });
  const token = keep('management token', ((await granted.json()) as Json).access_token);
  const api = async <T = Json>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${origin}/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  const mail = () => server.listKeptMail();
  cast = await createCast({ origin, api, mail } as unknown as Instance);
  keep('client secret', cast.client.secret);
  await busyDay(api, mail, post);
}, 120_000);

afterAll(async () => {
  await cast?.stop();
  await server?.close();
  await database?.drop();
});

async function busyDay(
  api: Instance['api'],
  mail: Instance['mail'],
  post: (path: string, form: Record<string, string>) => Promise<Response>,
): Promise<void> {
  const { origin } = server;
  const host = new URL(origin).host;
  const visitor = () => new Visitor(cast);
  const cookiesOf = (who: Visitor) => {
    for (const [name, value] of who.browser.cookies(host)) keep(name, value);
  };
  // A member by password: wrong, right, code, tokens, refresh, revocation.
  await cast.createMember('dana@acme.example');
  const dana = visitor();
  const page = await dana.type(await dana.open(), 'dana@acme.example', 'password');
  cookiesOf(dana);
  const answer = await dana.browser.submit(await dana.browser.submit(page, { password: WRONG }), {
    password: PASSWORD,
  });
  cookiesOf(dana);
  keep('code', answer.url.searchParams.get('code'));
  const { refreshToken, accessToken } = await dana.redeem(answer);
  keep('refresh token', refreshToken);
  keep('access token', accessToken);
  await dana.redeem(answer).catch(() => undefined);
  const credentials = { client_id: cast.client.id, client_secret: cast.client.secret };
  const refreshed = await post('/oauth/token', {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    ...credentials,
  });
  const next = (await refreshed.json()) as Json;
  if (next.refresh_token !== undefined) keep('next refresh token', next.refresh_token);
  await post('/oauth/token', { grant_type: 'refresh_token', refresh_token: refreshToken, ...credentials });
  await post('/oauth/token', {
    grant_type: 'authorization_code',
    code: keep('unknown code', 'no-code-at-all'),
    ...credentials,
  });
  await post('/oauth/revoke', { token: refreshToken, ...credentials });
  await fetch(`${origin}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });
  await fetch(`${origin}/userinfo?access_token=${accessToken}`);
  // By invitation, through the IdP and with a new password; a proof by code; the IdP at fault.
  const ivy = visitor();
  const invitation = await cast.invite('ivy@acme.example');
  keep('ticket', invitation.ticket);
  keep('mailed ticket', invitation.mailed);
  const idp = await ivy.accept(invitation);
  keep('upstream nonce', idp.url.searchParams.get('nonce'));
  cast.idp.next({ token: { status: 500, body: UPSTREAM } } as never);
  await ivy.signInAtIdp(idp, 'ivy');
  await ivy.redeem(await ivy.signInAtIdp(await ivy.accept(invitation), 'ivy'));
  cookiesOf(ivy);
  const newcomer = await cast.invite('nick@plain.example', { connectionId: undefined });
  const nick = visitor();
  await nick.redeem(await nick.browser.submit(await nick.accept(newcomer), { password: SIGN_UP }));
  await cast.createMember('uma@acme.example', { verified: false });
  const uma = visitor();
  const proof = await uma.throughSso('uma', 'uma@acme.example');
  cookiesOf(uma);
  const code = (await mail()).find((kept) => kept.mail.template === 'proof_code')?.mail.model.code;
  await uma.redeem(await uma.browser.submit(proof, { code: keep('mailed code', code), action: 'code' }));
  // A forgotten password, and links by the API.
  const forgot = visitor();
  const asked = await forgot.type(await forgot.open(), 'dana@acme.example', 'password');
  await forgot.browser.submit(await forgot.browser.visit(linkOf(asked, 'Forgot')), { username: 'dana@acme.example' });
  const url = String((await mail()).find((kept) => kept.mail.template === 'password_reset')?.mail.model.url);
  keep('reset ticket', new URL(url).searchParams.get('ticket'));
  await forgot.browser.submit(await forgot.browser.visit(url), { password: RESET });
  const user = await api('POST', '/users', {
    connection: 'Username-Password-Authentication',
    email: 'made@plain.example',
    password: CREATED,
  });
  await api('PATCH', `/users/${encodeURIComponent(user.user_id as string)}`, { password: `${CREATED}-2` });
  const link = await api('POST', '/tickets/email-verification', { user_id: user.user_id });
  keep('verification ticket', new URL(link.ticket as string).searchParams.get('ticket'));
  await forgot.browser.visit(link.ticket as string);
  const client = await api('POST', '/clients', { name: 'By hand' });
  await api('PATCH', `/clients/${client.client_id}`, { client_secret: CLIENT_SECRET });
  const rotated = await api('POST', `/clients/${client.client_id}/rotate-secret`);
  keep('rotated client secret', rotated.client_secret);
  const connection = await api('POST', '/connections', {
    name: 'spare',
    strategy: 'oidc',
    options: { client_id: 'c', client_secret: UPSTREAM, issuer: 'https://idp.example' },
  });
  await api('PATCH', `/connections/${connection.id}`, { options: { client_id: 'c', client_secret: `${UPSTREAM}-2` } });
  await api('POST', '/connections', {
    name: 'bad',
    strategy: 'oidc',
    options: { client_secret: UPSTREAM, issuer: 5 },
  }).catch(() => undefined);
  await fetch(`${origin}/api/v2/users`, { headers: { authorization: `Bearer ${accessToken}` } });
  await fetch(`${origin}/v2/logout?client_id=${cast.client.id}&id_token_hint=${accessToken}`, { redirect: 'manual' });
}

/** A secret as it is, and as it is written in addresses, JSON and bytes. */
function shapesOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [...new Set([secret, encodeURIComponent(secret), bytes.toString('base64'), bytes.toString('hex')])].filter(
    (shape) => shape.length >= 6,
  );
}

test('no column of the database holds a secret', async () => {
  const tables = await database.pool.query(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  let rows = 0;
  for (const { name } of tables.rows as { name: string }[]) {
    const dump = await database.pool.query(`select to_jsonb(t)::text as row from "${name}" t`);
    for (const { row } of dump.rows as { row: string }[]) {
      rows++;
      for (const [label, secret] of secrets) {
        if (shapesOf(secret).some((shape) => row.includes(shape)))
          found.push(`${name}: ${label} in ${row.slice(0, 300)}`);
      }
    }
  }
  expect(rows).toBeGreaterThan(80);
  expect(secrets.size).toBeGreaterThan(25);
  expect(found).toEqual([]);
});

test('no line of the log holds a secret, a query or an address of a person', () => {
  expect(lines.length).toBeGreaterThan(50);
  const log = lines.join('');
  const found = [...secrets].filter(([, secret]) => shapesOf(secret).some((shape) => log.includes(shape)));
  expect(found.map(([label]) => label)).toEqual([]);
  expect(log).not.toMatch(/"path":"[^"]*\?/);
  expect(log).not.toMatch(/dana@acme\.example|ivy@acme\.example/);
});
