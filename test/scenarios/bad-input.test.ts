/**
 * Input that nobody who means well sends: callbacks that are late, foreign, replayed or forged, forms of other sites, broken bytes. The answer
 * is a page with a reference, never a 500, and every table stays as it was.
 */
import { request as httpRequest } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, type Visitor } from '../support/cast.js';
import { createManualClock } from '../support/manual-clock.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, proveByCode, useStage, wordsOf } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });

const PAGES = [
  '/u/login/identifier',
  '/u/login/password',
  '/u/invitation',
  '/u/signup',
  '/u/proof',
  '/u/organization',
  '/u/organization-picker',
  '/u/forgot-password',
] as const;
const ALL = [
  ...PAGES,
  '/u/reset-password',
  '/u/verify-email',
  '/u/unblock',
  '/u/stop-factor',
  '/u/invitation/open',
  '/u/open-account',
  '/login/callback',
  '/authorize',
] as const;
/** Where no route is. */
const NOWHERE = [
  '/',
  '/nowhere',
  '/health/ready',
  '/.well-known/jwks.json',
  '/v2/logout',
  '/oauth/tokens',
  '/api/v2x',
] as const;

beforeAll(async () => {
  await stage.cast.createMember('dana@acme.example');
});

const host = () => new URL(stage.instance.origin).host;
const url = (path: string) => `${stage.instance.origin}${path}`;

/** At the IdP, the way back not yet taken: the address that the IdP would send the browser to. */
async function callbackOf(visitor: Visitor, login = 'dana'): Promise<string> {
  const page = await visitor.type(await visitor.open(), 'dana@acme.example');
  const sent = await visitor.browser.request(page.forms[0]?.action ?? '', {
    method: 'POST',
    body: new URLSearchParams({ login }),
  });
  return sent.headers.get('location') ?? '';
}

/** A raw request: what fetch would correct is sent as it is. */
function send(
  method: string,
  path: string,
  options: { headers?: Record<string, string>; body?: Buffer | string } = {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const address = new URL(stage.instance.origin);
    const sent = httpRequest(
      // A connection of its own: the server closes one on which it could not even read a request.
      { host: address.hostname, port: address.port, method, path, headers: options.headers ?? {}, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('latin1').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      },
    );
    sent.on('error', (error) => reject(new Error(`${method} ${path.slice(0, 60)}: ${error.message}`)));
    sent.end(options.body);
  });
}

/** A browser with an unfinished login; its cookies as a header, and the name of the transaction. */
async function begin(parameters: Record<string, string> = {}) {
  const visitor = stage.visitor();
  const page = await visitor.open(parameters);
  const cookie = [...visitor.browser.cookies(host())].map(([name, value]) => `${name}=${value}`).join('; ');
  return { visitor, page, cookie, state: page.url.searchParams.get('state') ?? '' };
}

describe('the way back from the IdP', () => {
  const refused = async (answer: Awaited<ReturnType<Visitor['open']>>, code: string) => {
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect((await stage.refusal(answer)).details.code).toBe(code);
  };

  test('in another browser: refused, and the right browser still gets in', async () => {
    const dana = stage.visitor();
    const address = await callbackOf(dana);
    const before = await stage.instance.snapshot();
    await refused(await stage.visitor().browser.visit(address), 'authenticate.unknown_transaction');
    await expectNothingLeft(stage.instance, before);
    await dana.redeem(await dana.browser.visit(address));
  });

  test('a second time: the login is finished', async () => {
    const dana = stage.visitor();
    const address = await callbackOf(dana);
    await dana.redeem(await dana.browser.visit(address));
    const before = await stage.instance.snapshot();
    await refused(await dana.browser.visit(address), 'authenticate.unknown_transaction');
    await expectNothingLeft(stage.instance, before);
  });

  test('a second time from a copy of the browser: the IdP takes its code once', async () => {
    const dana = stage.visitor();
    const address = await callbackOf(dana);
    const copy = stage.visitor(dana.browser.clone());
    await dana.redeem(await dana.browser.visit(address));
    const before = await stage.instance.snapshot();
    const answer = await copy.browser.visit(address);
    expect(answer.status).toBe(502);
    expect((await stage.refusal(answer)).details.code).toBe('authenticate.idp_invalid');
    await expectNothingLeft(stage.instance, before);
  });

  test('with a state that was forged, cut, mixed with that of another login, or is missing', async () => {
    const dana = stage.visitor();
    const first = new URL(await callbackOf(dana));
    const second = new URL(await callbackOf(dana));
    const before = await stage.instance.snapshot();
    const [id = '', secret = ''] = (first.searchParams.get('state') ?? '').split('.');
    const [otherId = '', otherSecret = ''] = (second.searchParams.get('state') ?? '').split('.');
    for (const state of [`${id}.`, `${id}.${secret.slice(1)}`, `${id}.${otherSecret}`, `${otherId}.${secret}`, id]) {
      const forged = new URL(first);
      forged.searchParams.set('state', state);
      const answer = await dana.browser.visit(forged);
      expect(answer.status).toBe(502);
      expect((await stage.refusal(answer)).details.code).toBe('authenticate.idp_invalid');
    }
    for (const state of ['', 'x', '.', `${'A'.repeat(16)}.${secret}`, `__proto__.${secret}`, 'a'.repeat(5000)]) {
      const forged = new URL(first);
      forged.searchParams.set('state', state);
      await refused(await dana.browser.visit(forged), 'authenticate.unknown_transaction');
    }
    await refused(await dana.browser.visit(url('/login/callback')), 'authenticate.unknown_transaction');
    await expectNothingLeft(stage.instance, before);
    await dana.browser.visit(first);
  });

  test('with the code of somebody else who signed in at the same IdP (code injection)', async () => {
    const mallory = new URL(await callbackOf(stage.visitor(), 'sam'));
    const dana = stage.visitor();
    const address = new URL(await callbackOf(dana));
    const before = await stage.instance.snapshot();
    address.searchParams.set('code', mallory.searchParams.get('code') ?? '');
    const answer = await dana.browser.visit(address);
    expect((await stage.refusal(answer)).details.code).toBe('authenticate.idp_invalid');
    await expectNothingLeft(stage.instance, before);
  });

  // Parameter pollution: somebody who adds to what the IdP sends would have one reader take the first and another the last.
  test.each(['GET', 'POST'])(
    '%s with a parameter twice, with NUL or with bytes that are no text: refused',
    async (method) => {
      const dana = stage.visitor();
      const address = new URL(await callbackOf(dana));
      const before = await stage.instance.snapshot();
      const good = address.search.slice(1);
      const visit = (query: string) =>
        method === 'GET'
          ? dana.browser.visit(url(`/login/callback?${query}`))
          : dana.browser.visit(url('/login/callback'), {
              method,
              body: query,
              headers: { 'content-type': 'application/x-www-form-urlencoded' },
            });
      for (const added of ['code=B', 'iss=a&iss=b', 'error=%00', 'session_state=1&session_state=1']) {
        const answer = await visit(`${good}&${added}`);
        expect(answer.status, added).toBe(502);
        const { details } = await stage.refusal(answer);
        expect(details.code).toBe('authenticate.idp_invalid');
        expect(JSON.stringify(details)).toContain('callback.parameters');
      }
      for (const added of [`state=${address.searchParams.get('state')}`, 'x=%ff', 'x=%', 'x=%c0%af'])
        await refused(await visit(`${good}&${added}`), 'authenticate.unknown_transaction');
      await expectNothingLeft(stage.instance, before);
      await dana.redeem(await visit(good));
    },
  );

  test('posted from another site without a login: handed on once, then refused', async () => {
    const body = new URLSearchParams({ state: `${'A'.repeat(16)}.x`, code: 'c' });
    const visitor = stage.visitor();
    const headers = { origin: stage.cast.idp.issuer };
    const relayed = await visitor.browser.visit(url('/login/callback'), { method: 'POST', body, headers });
    expect(relayed.status).toBe(200);
    await refused(await visitor.browser.submit(relayed), 'authenticate.unknown_transaction');
  });

  test('more than an hour later', async () => {
    const dana = stage.visitor();
    const address = await callbackOf(dana);
    const before = await stage.instance.snapshot();
    clock.advanceMs(3_600_001);
    await refused(await dana.browser.visit(address), 'authenticate.unknown_transaction');
    await expectNothingLeft(stage.instance, before);
  });
});

test('a mailed code that is older than ten minutes does not fit any more', async () => {
  const visitor = stage.visitor();
  await stage.enablement(
    { assign_membership_on_login: true, is_signup_enabled: true },
    stage.cast.acme.id,
    stage.cast.databaseId,
  );
  const form = await visitor.open({ screen_hint: 'signup' });
  const proof = await visitor.browser.submit(form, { username: 'slow@plain.example', password: PASSWORD });
  const code = await stage.mailedCode('slow@plain.example');
  const before = await stage.instance.snapshot();
  clock.advanceMs(600_001);
  const answer = await proveByCode(visitor, proof, code);
  expect(answer.status).toBe(400);
  expect(wordsOf(answer)).toContain('older than ten minutes');
  await expectNothingLeft(stage.instance, before, 'secret');
  await stage.enablement({ is_signup_enabled: false }, stage.cast.acme.id, stage.cast.databaseId);
});

describe('forms', () => {
  test.each([
    ['a field twice', `username=dana%40acme.example&username=b`],
    ['NUL', 'username=dana%40acme.example%00'],
    ['bytes that are no UTF-8', 'username=%ff'],
    ['half a percent sign', 'username=%4'],
    ['a value that is too long', `username=${'a'.repeat(4_001)}`],
  ])('%s is not understood, and the login goes on', async (_name, body) => {
    const { visitor, state } = await begin();
    const page = url(`/u/login/identifier?state=${state}`);
    const headers = { origin: stage.instance.origin, 'content-type': 'application/x-www-form-urlencoded' };
    const before = await stage.instance.snapshot();
    const answer = await visitor.browser.visit(page, { method: 'POST', body, headers });
    expect(answer.status).toBe(400);
    expect(wordsOf(answer)).toContain('This request cannot be used');
    await expectNothingLeft(stage.instance, before);
    expect((await visitor.browser.visit(page)).status).toBe(200);
  });

  test.each(PAGES)('%s posted from another site is refused, and the login goes on', async (path) => {
    const { visitor, state } = await begin();
    const before = await stage.instance.snapshot();
    for (const origin of ['https://evil.example', 'null', `${stage.instance.origin}.evil.example`]) {
      const answer = await visitor.browser.visit(url(`${path}?state=${state}`), {
        method: 'POST',
        body: new URLSearchParams({ username: 'dana@acme.example', password: PASSWORD, action: 'default' }),
        headers: { origin },
      });
      expect(answer.status).toBe(403);
      expect(wordsOf(answer)).toContain('This form came from another site');
    }
    await expectNothingLeft(stage.instance, before);
    const still = await visitor.browser.visit(url(`/u/login/identifier?state=${state}`));
    expect(still.status).toBe(200);
  });

  test.each(PAGES)('%s without a login, of another browser, or with a state that is garbage: a page', async (path) => {
    const { state } = await begin();
    const before = await stage.instance.snapshot();
    const queries = [
      '',
      `?state=${state}`,
      '?state=',
      '?state=x',
      '?state=%00',
      '?state=%ff',
      '?state=a&state=b',
      '?state[]=a',
    ];
    for (const query of queries) {
      for (const method of ['GET', 'POST']) {
        // A network address may cause no more than so many such lines a minute.
        clock.advanceMs(2_000);
        const stranger = stage.visitor();
        const answer = await stranger.browser.visit(url(`${path}${query}`), {
          method,
          ...(method === 'POST' && { body: new URLSearchParams({ password: 'x' }) }),
        });
        expect(answer.status, `${method} ${path}${query}`).toBe(400);
        expect(wordsOf(answer)).toContain('This sign-in cannot be continued');
        expect((await stage.refusal(answer)).details.code).toBe('authenticate.unknown_transaction');
      }
    }
    await expectNothingLeft(stage.instance, before);
  });

  test.each(PAGES)('%s out of turn, in a login that is somewhere else: another page, no error', async (path) => {
    const { visitor, state } = await begin();
    for (const method of ['GET', 'POST']) {
      const answer = await visitor.browser.visit(url(`${path}?state=${state}`), {
        method,
        ...(method === 'POST' && { body: new URLSearchParams(), headers: { origin: stage.instance.origin } }),
      });
      expect(answer.status, `${method} ${path}`).toBeLessThan(500);
    }
  });

  test.each([...ALL, ...NOWHERE])(
    '%s with broken bytes, repeated fields, odd types and endless bodies: refused below 500',
    async (path) => {
      const form = 'application/x-www-form-urlencoded';
      const bodies: readonly (readonly [string, Buffer | string])[] = [
        [form, Buffer.from([0x75, 0x3d, 0xff, 0xfe, 0xc3, 0x28])],
        [form, 'username=%ff%fe&password=%c3%28&organization=%ed%a0%80'],
        [form, 'username=%00dana%00&password=%00&code=%00&state=%00&client_id=%00'],
        [
          form,
          'username=a&username=b&password=c&password=d&action=e&action=f&code=1&code=2&organization=x&organization=y',
        ],
        [form, 'username[]=a&username[b]=c&__proto__=1&constructor=2&__proto__[x]=3'],
        [form, '%'],
        [form, '&&&===&=&'],
        [form, `username=${'a'.repeat(60_000)}`],
        [form, `password=${'a'.repeat(200_000)}`],
        [form, Array.from({ length: 5_000 }, (_item, index) => `f${index}=1`).join('&')],
        ['application/json', '{"username": {"a": 1}, "password": ["x"], "state": 7}'],
        ['application/json', '{"__proto__": {"polluted": true}}'],
        ['application/json', '{"username":'],
        ['application/json', 'null'],
        ['text/plain', 'username=a'],
        ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="username"\r\n\r\na\r\n--x--'],
        ['application/xml', '<a/>'],
        ['', 'username=a'],
        ['nonsense', 'username=a'],
      ];
      const { cookie, state } = await begin();
      for (const [type, body] of bodies) {
        const answer = await send('POST', `${path}?state=${state}`, {
          headers: {
            cookie,
            ...(type !== '' && { 'content-type': type }),
            'content-length': String(Buffer.byteLength(body)),
          },
          body,
        });
        expect(answer.status, `${type} ${String(body).slice(0, 40)}`).toBeLessThan(500);
        expect(answer.status).toBeGreaterThanOrEqual(200);
      }
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );

  test.each([...ALL, ...NOWHERE])('%s with an odd query, and by methods that it does not know', async (path) => {
    const { cookie } = await begin();
    const queries = [
      '?%',
      '?%ff=%ff',
      '?state=%E0%A4%A',
      '?a=1&a=2&a[b]=3',
      `?${'x'.repeat(8_000)}`,
      '?=&=&',
      '?state=\u00e9',
      '?%00',
    ];
    for (const query of queries) {
      const answer = await send('GET', Buffer.from(`${path}${query}`, 'latin1').toString('latin1'), {
        headers: { cookie },
      });
      expect(answer.status, query.slice(0, 20)).toBeLessThan(500);
    }
    const broken = { 'content-type': 'application/json', 'content-length': '1' };
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'QUERY', 'SEARCH', 'PROPFIND']) {
      const answer = await send(method, path, { headers: { cookie } });
      expect(answer.status, method).toBeLessThan(500);
      if (method === 'HEAD' || method === 'TRACE') continue;
      const withBody = await send(method, path, { headers: { cookie, ...broken }, body: '{' });
      expect(withBody.status, `${method} with a body`).toBeLessThan(500);
    }
  });
});

describe('cookies', () => {
  test('cut, longer, of another login, or renamed: not opened, and never an error', async () => {
    const { cookie, state } = await begin();
    const other = await begin();
    const [name = '', value = ''] = cookie.split('=');
    const before = await stage.instance.snapshot();
    const foreign = other.cookie.slice(other.cookie.indexOf('=') + 1);
    const values = [
      '',
      'x',
      value.slice(0, -4),
      value.slice(4),
      `${value}AAAA`,
      foreign,
      `${value.slice(0, 40)}${foreign.slice(40)}`,
      '%',
      '"',
      'a'.repeat(4000),
    ];
    for (const forged of values) {
      const answer = await send('GET', `/u/login/identifier?state=${state}`, {
        headers: { cookie: `${name}=${forged}` },
      });
      expect(answer.status, forged.slice(0, 20)).toBe(400);
    }
    const lines = [';;;', '=', 'a', `${name}`, `__proto__=1; ${name}=x`, `${name}=x; ${name}=y`, '\u00ff=\u00ff'];
    for (const line of lines) {
      const answer = await send('GET', `/u/login/identifier?state=${state}`, { headers: { cookie: line } });
      expect(answer.status, line).toBe(400);
    }
    await expectNothingLeft(stage.instance, before);
    const whole = await send('GET', `/u/login/identifier?state=${state}`, { headers: { cookie } });
    expect(whole.status).toBe(200);
  });

  test('two tabs do not disturb each other; of six the oldest goes', async () => {
    const visitor = stage.visitor();
    const states: string[] = [];
    for (let tab = 0; tab < 6; tab++) {
      clock.advanceMs(1_000);
      states.push((await visitor.open({ state: `tab-${tab}` })).url.searchParams.get('state') ?? '');
    }
    const kept = [...visitor.browser.cookies(host()).keys()].filter((name) => name.startsWith('vestibule_login_'));
    expect(kept).toHaveLength(5);
    const oldest = await visitor.browser.visit(url(`/u/login/identifier?state=${states[0]}`));
    expect(oldest.status).toBe(400);
    for (const tab of [5, 1]) {
      const page = await visitor.browser.visit(url(`/u/login/identifier?state=${states[tab]}`));
      const next = await visitor.type(page, 'dana@acme.example', 'password');
      const answer = await visitor.browser.submit(next, { password: PASSWORD });
      expect(answerOf(answer).state).toBe(`tab-${tab}`);
    }
  });

  test('no cookie can be read by a script or sent along by another site', async () => {
    const visitor = stage.visitor();
    const response = await visitor.browser.request(visitor.authorizeUrl());
    for (const line of response.headers.getSetCookie()) {
      expect(line).toMatch(/HttpOnly/);
      expect(line).toMatch(/SameSite=Lax/);
      expect(line).toMatch(/Path=\//);
      expect(line).not.toMatch(/Domain=/);
    }
    expect(response.headers.getSetCookie()).toHaveLength(1);
  });
});
