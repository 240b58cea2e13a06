/**
 * Attack: somebody who has proved nothing fills the login log of the database, by any endpoint of the server, from all the addresses of one
 * network. A machine (an IPv6 /64) gets sixty lines a minute; requests refused beyond get the same answer, with a number.
 */
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALLBACK, type Cast, createCast, PASSWORD, type Place } from '../support/cast.js';
import { type Instance, MANAGEMENT_CLIENT, startInstance } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import { readSources, readText } from '../support/source-files.js';

/** More than a machine may cause, from so many addresses. */
const REQUESTS = 66;
const LINES = 60;
const clock = createManualClock();
const routes: { readonly method: string; readonly url: string }[] = [];
let app: FastifyInstance;
let instance: Instance;
let cast: Cast;
let network = 0;
let spa = '';
let gone: Place;

beforeAll(async () => {
  instance = await startInstance({
    clock,
    environment: { VESTIBULE_LOG_LINES_PER_MINUTE: String(LINES) },
    onApp: (made) => {
      app = made;
      made.addHook('onRoute', ({ method, url }) => {
        for (const one of [method].flat()) routes.push({ method: one, url });
      });
    },
  });
  cast = await createCast(instance, { clock });
  await cast.createMember('olga@plain.example');
  gone = await cast.createPlace('gone', {});
  await gone.idp.stop();
  const made = await instance.api('POST', '/clients', {
    name: 'SPA',
    app_type: 'spa',
    grant_types: ['authorization_code', 'refresh_token'],
    callbacks: [CALLBACK],
  });
  spa = String(made.client_id);
});
afterAll(async () => {
  await cast?.stop();
  await instance?.stop();
});

type Answer = LightMyRequestResponse;
interface Sent {
  readonly method?: 'GET' | 'POST' | undefined;
  readonly url: string;
  readonly form?: Readonly<Record<string, string>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A machine with a network of its own, and one address of it for each request. */
function createMachine() {
  network += 1;
  const prefix = `2001:db8:${network.toString(16)}:1`;
  const cookies = new Map<string, string>();
  let host = 0;
  return async ({ method, url, form, headers }: Sent): Promise<Answer> => {
    host += 1;
    const answer = await app.inject({
      method: method ?? (form ? 'POST' : 'GET'),
      url,
      remoteAddress: `${prefix}::${host.toString(16)}`,
      headers: {
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(cookies.size > 0 && { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') }),
        ...headers,
      },
      ...(form && { payload: new URLSearchParams(form).toString() }),
    });
    for (const { name, value } of answer.cookies) cookies.set(name, value);
    return answer;
  };
}
type Machine = ReturnType<typeof createMachine>;

async function countRows(): Promise<Record<string, number>> {
  const tables = Object.entries(await instance.snapshot()).map(([name, rows]) => [name, rows.length] as const);
  return Object.fromEntries(tables);
}
async function gains(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await countRows();
  await work();
  const after = await countRows();
  return Object.fromEntries(
    Object.entries(after)
      .map(([name, rows]) => [name, rows - (before[name] ?? 0)] as const)
      .filter(([, rows]) => rows !== 0),
  );
}

const authorize = (parameters: Record<string, string> = {}) => {
  const query = new URLSearchParams({
    client_id: cast.client.id,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid',
    organization: cast.acme.id,
    state: 'x',
    ...parameters,
  });
  return `/authorize?${query}`;
};

/** Begins a login; gives the path of its first page, and its id. */
async function begin(send: Machine, parameters: Record<string, string> = {}): Promise<{ page: string; id: string }> {
  const { headers } = await send({ url: authorize(parameters) });
  const page = String(headers.location);
  return { page, id: new URL(page, 'http://x').searchParams.get('state') ?? '' };
}
/** The `state` of a login that has gone to the IdP. */
async function toTheIdp(send: Machine): Promise<string> {
  const { id } = await begin(send);
  const form = { username: 'sam@acme.example', action: 'default' };
  const { headers } = await send({ url: `/u/login/identifier?state=${id}`, form });
  return new URL(String(headers.location)).searchParams.get('state') ?? '';
}

/** An endpoint: prepares what it needs once, and gives a request that is refused. `n` is another one each time. */
type Door = (send: Machine) => Promise<(n: number) => Sent>;
const token =
  (form: (n: number) => Record<string, string>): Door =>
  async () =>
  (n) => ({ url: '/oauth/token', form: form(n) });
const wrongSecret = (grant: string): Door =>
  token((n) => ({
    grant_type: grant,
    client_id: cast.client.id,
    client_secret: `wrong-${n}`,
    code: 'x',
    refresh_token: 'x',
  }));
const opened =
  (parameters: (n: number) => Record<string, string>): Door =>
  async () =>
  (n) => ({ url: authorize(parameters(n)) });

const doors: Readonly<Record<string, Door>> = {
  '/authorize: an application that there is not': opened((n) => ({ client_id: `nobody-${n}` })),
  '/authorize: another callback': opened((n) => ({ redirect_uri: `https://evil.example/${n}` })),
  '/authorize: a request that is malformed': opened((n) => ({ prompt: `nonsense-${n}` })),
  '/authorize: prompt=none': opened((n) => ({ prompt: 'none', state: `s${n}` })),
  '/authorize: prompt=none, posted': async () => (n) => ({
    url: '/authorize',
    form: Object.fromEntries(new URLSearchParams(authorize({ prompt: 'none', state: `s${n}` }).split('?')[1])),
    headers: { 'sec-fetch-site': 'same-origin' },
  }),
  '/authorize: an organization that there is not': opened(() => ({ organization: 'org_0000000000000000' })),
  '/authorize: an invitation that there is not': opened((n) => ({ invitation: `ticket-${n}` })),
  '/authorize: an API that there is not': opened((n) => ({ audience: `https://nosuch.example/${n}` })),
  '/authorize: a connection that is not enabled': opened((n) => ({ connection: `nosuch-${n}` })),
  '/authorize: a parameter that is too long': opened(() => ({ nonce: 'n'.repeat(4_097) })),
  '/login/callback: nobody’s login': async () => (n) => ({ url: `/login/callback?state=Q0dFQ0dFQ0dFQ0dF.${n}&code=x` }),
  '/login/callback: nobody’s login, posted': async () => (n) => ({
    url: '/login/callback',
    form: { state: `Q0dFQ0dFQ0dFQ0dF.${n}`, code: 'x', vestibule_relay: '1' },
  }),
  '/login/callback: the IdP says no': async (send) => {
    const state = await toTheIdp(send);
    return (n) => ({
      url: `/login/callback?${new URLSearchParams({ state, iss: cast.idp.issuer, error: 'access_denied', error_description: `${n}` })}`,
    });
  },
  '/login/callback: an answer of nobody': async (send) => {
    const state = await toTheIdp(send);
    return (n) => ({ url: `/login/callback?state=${state}&code=${n}` });
  },
  '/login/callback: parameters twice': async (send) => {
    const state = await toTheIdp(send);
    return (n) => ({ url: `/login/callback?state=${state}&code=${n}&code=2` });
  },
  '/continue': async () => (n) => ({ url: `/continue?state=Q0dFQ0dFQ0dFQ0d${n % 10}` }),
  'a page of nobody’s login': async () => (n) => ({ url: `/u/login/identifier?state=forged${n}` }),
  'a page of nobody’s login, posted': async () => (n) => ({
    url: `/u/login/password?state=forged${n}`,
    form: { password: 'x' },
  }),
  '/u/login/identifier: a company that cannot be reached': async (send) => {
    const { id } = await begin(send, { organization: gone.id });
    return () => ({
      url: `/u/login/identifier?state=${id}`,
      form: { username: '', action: `connection:${gone.connectionName}` },
    });
  },
  '/u/login/password: a wrong password': async (send) => {
    const { id } = await begin(send);
    return (n) => ({
      url: `/u/login/password?state=${id}`,
      form: { username: `p${n}@plain.example`, password: 'wrong' },
    });
  },
  '/u/login/password: of somebody': async (send) => {
    const { id } = await begin(send);
    return (n) => ({
      url: `/u/login/password?state=${id}`,
      form: { username: 'olga@plain.example', password: `wrong ${n}` },
    });
  },
  '/u/signup where it is closed': async (send) => {
    const { id } = await begin(send);
    return (n) => ({
      url: `/u/signup?state=${id}`,
      form: { username: `n${n}@plain.example`, name: '', password: PASSWORD },
    });
  },
  '/u/reset-password': async () => (n) => ({ url: `/u/reset-password?ticket=${n}` }),
  '/u/reset-password, posted': async () => (n) => ({
    url: `/u/reset-password?ticket=${n}`,
    form: { password: PASSWORD },
  }),
  '/u/unblock': async () => (n) => ({ url: `/u/unblock?ticket=${n}` }),
  '/u/unblock, posted': async () => (n) => ({ url: `/u/unblock?ticket=${n}`, form: {} }),
  '/u/invitation/open': async () => (n) => ({ url: `/u/invitation/open?invitation=${n}` }),
  '/u/open-account': async () => (n) => ({ url: `/u/open-account?ticket=${n}` }),
  '/u/open-account, posted': async () => (n) => ({ url: `/u/open-account?ticket=${n}`, form: {} }),
  '/u/verify-email': async () => (n) => ({ url: `/u/verify-email?ticket=${n}` }),
  '/u/verify-email, posted': async () => (n) => ({ url: `/u/verify-email?ticket=${n}`, form: {} }),
  '/oauth/token: a wrong secret with a code': wrongSecret('authorization_code'),
  '/oauth/token: a wrong secret with a refresh token': wrongSecret('refresh_token'),
  '/oauth/token: a wrong secret of a machine': wrongSecret('client_credentials'),
  '/oauth/token: no secret': token((n) => ({
    grant_type: 'authorization_code',
    client_id: cast.client.id,
    code: `x${n}`,
  })),
  '/oauth/token: a code of nobody': token((n) => ({
    grant_type: 'authorization_code',
    client_id: spa,
    code: `x${n}`,
  })),
  '/oauth/token: a refresh token of nobody': token((n) => ({
    grant_type: 'refresh_token',
    client_id: spa,
    refresh_token: `x${n}`,
  })),
};

/** The number that the refusal was given, wherever it stands. */
const referenceOf = (answer: Answer): string | undefined =>
  /V-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(`${answer.headers.location ?? ''} ${answer.body}`)?.[0];

describe('sixty lines and no more', () => {
  test.each(Object.keys(doors))('%s', async (name) => {
    clock.advanceMs(3_600_000);
    const send = createMachine();
    const request = await doors[name]?.(send);
    if (!request) throw new Error('no such door');
    const answers: Answer[] = [];
    const gained = await gains(async () => {
      for (let n = 0; n < REQUESTS; n += 1) answers.push(await send(request(n)));
    });
    const { logs, attempt_counters: _counted, ...rest } = gained;
    // The line about what was left out of the minute before may come here.
    expect(logs).toBeGreaterThanOrEqual(LINES);
    expect(logs).toBeLessThanOrEqual(LINES + 1);
    expect(rest).toEqual({});
    // The second and the last are told the same, each with a number of its own; a wrong password is said on the page, without one. (The first one may end the login.)
    const [first, last] = [answers[1], answers.at(-1)];
    if (first && referenceOf(first)) expect(last && referenceOf(last)).toMatch(/^V-/);
    expect(last?.statusCode).toBeLessThan(504);
    // Answers that would be asked about at the provider have an end of their own (answers-without-end.test.ts).
    if (!name.includes('password: ') && !name.includes('wrong secret') && !name.includes('an answer of nobody'))
      expect(last?.statusCode).toBe(first?.statusCode);
  });
});

test('all doors and all routes of the server together, from one machine: sixty lines', async () => {
  clock.advanceMs(3_600_000);
  const send = createMachine();
  const found = routes.filter(({ method }) => method !== 'OPTIONS');
  expect(found.length).toBeGreaterThan(150);
  const junk = {
    state: 'forged',
    code: 'x',
    username: 'x@plain.example',
    password: 'x',
    ticket: 'x',
    token: 'x',
    client_id: spa,
  };
  const gained = await gains(async () => {
    for (const door of Object.values(doors)) {
      const request = await door(send);
      for (let n = 0; n < 3; n += 1) await send(request(n));
    }
    for (const { method, url } of found) {
      const path = url.replace(/:\w+/g, 'x');
      const query = new URLSearchParams(junk);
      for (const headers of [{}, { authorization: 'Bearer made-up' }, { authorization: 'Basic bWFkZTp1cA==' }])
        for (const sent of method === 'GET' || method === 'HEAD' ? [path, `${path}?${query}`] : [path])
          await send({
            method: method as 'GET',
            url: sent,
            headers,
            ...(method !== 'GET' && method !== 'HEAD' && !path.startsWith('/api/') && { form: junk }),
          });
    }
  });
  const { logs, attempt_counters: counters = 0, ...rest } = gained;
  expect(logs).toBeGreaterThanOrEqual(LINES);
  expect(logs).toBeLessThanOrEqual(LINES + 1);
  expect(counters).toBeLessThan(200);
  expect(rest).toEqual({});
});

test('a line is no longer than a line is, whatever came with the request', async () => {
  clock.advanceMs(3_600_000);
  const send = createMachine();
  const long = 'x'.repeat(60_000);
  const state = await toTheIdp(send);
  const answer = { state, iss: cast.idp.issuer, error: 'access_denied', error_description: long };
  await send({ url: '/login/callback', form: answer });
  const { id: client_id, secret: client_secret } = MANAGEMENT_CLIENT;
  const form = { grant_type: 'client_credentials', client_id, client_secret, audience: long.slice(0, 600) };
  expect((await send({ url: '/oauth/token', form })).statusCode).toBe(403);
  const { rows } = await instance.database.pool.query(
    `select coalesce(details->>'code', details->>'check') as code, length(row_to_json(logs)::text) as length from logs where date = $1 and type <> 'api_limit'`,
    [clock.now()],
  );
  expect(rows.map(({ code }) => code).sort()).toEqual(['authenticate.idp_denied', 'grant.unknown_audience']);
  for (const { length } of rows) expect(length).toBeLessThan(10_000);
});

test('nothing outside of the storage writes a line by itself but through the ledger that counts', () => {
  const places = readSources('src')
    .filter(({ path }) => !path.startsWith('src/storage/'))
    .flatMap(({ path, text }) =>
      (text.match(/\b(ledger|deps)\.append\(|createLedger\(|\.enqueueLogged\(/g) ?? []).map(
        (call) => `${path} ${call}`,
      ),
    );
  expect([...new Set(places)]).toEqual([
    // The only one that is given the ledger itself is the one that counts.
    'src/compose/parts.ts createLedger(',
    // The double keeps `fi` beside a line, and is given the one that counts.
    'src/double/invitations.ts ledger.append(',
    // An account that the owner of a mailbox opened, with the account.
    'src/http/dbconnections/open-account.ts ledger.append(',
    // A logout that the company's own key signed, by the ledger that counts.
    'src/http/login/saml/single-logout.ts ledger.append(',
    // A refused change by the My Account API: five at once for one person.
    'src/http/me/call.ts ledger.append(',
    'src/http/metrics.ts ledger.append(',
    'src/http/oauth/logout.ts ledger.append(',
    'src/http/oauth/token.ts ledger.append(',
    // A write by SCIM with the write, and a refused one of a directory whose token is right.
    'src/http/scim/reply.ts ledger.append(',
    'src/http/scim/routes.ts ledger.append(',
    // A try of a sign-in by the holder of a ticket, by the ledger that counts.
    'src/http/setup/step-try.ts ledger.append(',
    'src/login/log-allowance.ts ledger.append(',
    'src/login/record-refusal.ts ledger.append(',
    // Lines in the transaction of a mailed code: the mails of an account and of an address are counted.
    'src/login/send-factor-code.ts .enqueueLogged(',
    // A write of the Management API, with the write.
    'src/management/api/run-write.ts ledger.append(',
    // A password that its person changed, or a wrong old one, which is counted; a session that they ended, and a change
    // of second factors: with the write.
    'src/management/my-account/password.ts ledger.append(',
    'src/management/my-account/sessions.ts ledger.append(',
    'src/management/users/factor-changes.ts ledger.append(',
  ]);
  expect(readText('src/compose/parts.ts')).toContain('createBoundedLedger({\n    ledger: createLedger(pool),');
});

test('an administrator sees how many were left out, and by whom', async () => {
  clock.advanceMs(60_000);
  const send = createMachine();
  for (let n = 0; n < 70; n += 1) await send({ url: authorize({ client_id: `nobody-${n}` }) });
  clock.advanceMs(60_000);
  await send({ url: authorize({ client_id: 'nobody' }) });
  const lines = await instance.api<Record<string, unknown>[]>('GET', '/logs?q=type:api_limit&per_page=1');
  expect(lines[0]).toMatchObject({
    description: '10 refusals were left out of this log: their networks had had their lines',
    details: {
      left_out: 10,
      codes: { 'identify.unknown_client': 10 },
      networks: { [`2001:db8:${network.toString(16)}:1::/64`]: 10 },
    },
  });
});
