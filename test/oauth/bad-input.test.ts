import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ABSENT_ADDRESSES } from '../../src/facts/absent-addresses.js';
import { API, createFixture, type Fixture, SECRET } from './fixture.js';

let at: Fixture;
beforeAll(async () => {
  at = await createFixture();
});
afterAll(() => at.stop());

const FORM = 'application/x-www-form-urlencoded';
const send = (payload: string | Buffer, contentType: string | undefined = FORM, headers = {}) =>
  at.app.inject({
    method: 'POST',
    url: '/oauth/token',
    payload,
    headers: { ...(contentType && { 'content-type': contentType }), ...headers },
  });
const GOOD = new URLSearchParams({
  grant_type: 'client_credentials',
  client_id: 'machine',
  client_secret: SECRET,
  audience: API,
}).toString();

describe('the token endpoint under bad input', () => {
  it('accepts what the others are variations of', async () => {
    expect((await send(GOOD)).statusCode).toBe(200);
    expect((await send(GOOD, `${FORM}; charset=UTF-8`)).statusCode).toBe(200);
    expect((await send(`${GOOD}&unknown=1&auth0Client=x`)).statusCode).toBe(200);
  });

  // RFC 6749 section 3.2: parameters MUST NOT be included more than once.
  it.each(['client_id=machine', 'client_id=other', 'audience=', 'grant%5Ftype=password', 'x=1&x=2'])(
    'attack: duplicated parameter %s',
    async (extra) => {
      const response = await send(`${GOOD}&${extra}`);
      expect([response.statusCode, response.json().error]).toEqual([400, 'invalid_request']);
      expect(response.json().error_description).toMatch(/^Parameter sent more than once: /);
    },
  );

  it.each([
    ['bad percent-encoding', `${GOOD}&x=%zz`],
    ['cut percent-encoding', `${GOOD}&x=%4`],
    ['percent-encoded bytes that are no UTF-8', `${GOOD}&x=%ff%fe`],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from(`${GOOD}&x=`), Buffer.from([0xff, 0xc3, 0x28])])],
    ['NUL', GOOD.replace('client_id=machine', 'client_id=mach%00ine')],
    ['too many parameters', `${GOOD}${Array.from({ length: 100 }, (_, i) => `&p${i}=1`).join('')}`],
  ])('refuses %s', async (_name, payload) => {
    const response = await send(payload);
    expect([response.statusCode, response.json().error]).toEqual([400, 'invalid_request']);
  });

  it.each([
    ['scope', 4_097],
    ['audience', 16_385],
    ['unknown', 16_385],
    ['__proto__', 16_385],
  ])('refuses a %s of %i characters before anything looks at it', async (name, length) => {
    const form = await send(`${GOOD.replace(/&audience=[^&]*/, '')}&${name}=${'x'.repeat(length)}`);
    expect(form.json()).toEqual({ error: 'invalid_request', error_description: `Parameter too long: ${name}` });
    if (name !== 'scope') return;
    const json = await send(
      JSON.stringify({ ...Object.fromEntries(new URLSearchParams(GOOD)), [name]: 'x'.repeat(length) }),
      'application/json',
    );
    expect(json.json().error_description).toBe(`Parameter too long: ${name}`);
  });

  it.each(['', '{', '[]', 'null', '"x"', '1', '{"client_id":1}', '{"client_id":["machine"]}', '{"audience":{"a":1}}'])(
    'refuses JSON of the wrong kind: %s',
    async (payload) => {
      const response = await send(payload, 'application/json');
      expect([response.statusCode, response.json().error]).toEqual([400, 'invalid_request']);
    },
  );

  it('ignores JSON members it does not know, and null', async () => {
    const body = { ...Object.fromEntries(new URLSearchParams(GOOD)), extra: { a: [1] }, organization: null };
    expect((await send(JSON.stringify(body), 'application/json')).statusCode).toBe(200);
  });

  it('answers 415, 413 and 400 as OAuth errors', async () => {
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'nonsense']) {
      const response = await send(GOOD, type);
      expect([type, response.statusCode, response.json().error]).toEqual([type, 415, 'invalid_request']);
    }
    const large = await send(`${GOOD}&x=${'a'.repeat(70_000)}`);
    expect([large.statusCode, large.json().error]).toEqual([413, 'invalid_request']);
    const empty = await at.app.inject({ method: 'POST', url: '/oauth/token' });
    expect([empty.statusCode, empty.json().error_description]).toEqual([400, 'Missing required parameter: client_id']);
    expect(empty.headers['cache-control']).toBe('no-store');
  });

  it.each([
    ['nothing', ''],
    ['no colon', Buffer.from('machine').toString('base64')],
    ['no client', Buffer.from(`:${SECRET}`).toString('base64')],
    ['not base64', '€€€'],
    ['base64url', Buffer.from('machine:??>>').toString('base64url')],
    ['bad percent-encoding', Buffer.from('machine:100%').toString('base64')],
    ['NUL', Buffer.from('mach%00ine:x').toString('base64')],
    ['bytes', Buffer.from([0xff, 0x3a, 0xfe]).toString('base64')],
  ])('refuses Basic with %s', async (_name, value) => {
    const response = await send('grant_type=client_credentials', FORM, { authorization: `Basic ${value}` });
    expect([response.statusCode, response.json()]).toMatchObject([
      401,
      { error: 'access_denied', error_description: 'Unauthorized' },
    ]);
    expect(response.headers['www-authenticate']).toMatch(/^Basic /);
  });

  // RFC 6749 section 2.3: one authentication method per request.
  it('attack: two credentials in one request', async () => {
    const authorization = `Basic ${Buffer.from(`machine:${encodeURIComponent(SECRET)}`).toString('base64')}`;
    expect((await send(GOOD, FORM, { authorization })).json().error).toBe('invalid_request');
    const other = `grant_type=client_credentials&audience=${API}&client_id=web`;
    expect((await send(other, FORM, { authorization })).json().error).toBe('invalid_request');
  });

  it('knows no other grant', async () => {
    for (const grant of ['password', 'implicit', '', 'constructor', '__proto__', 'x'.repeat(3000)]) {
      const response = await send(GOOD.replace('grant_type=client_credentials', `grant_type=${grant}`));
      expect(response.statusCode).toBe(400);
      expect(response.json().error).toBe(grant === '' ? 'invalid_request' : 'unsupported_grant_type');
    }
  });

  it('says in words which of Auth0’s grants are not here', async () => {
    const grants = ABSENT_ADDRESSES.flatMap((row) => row.grants ?? []);
    expect(grants).toContain('urn:okta:params:oauth:grant-type:webauthn');
    for (const grant of grants) {
      const response = await send(GOOD.replace('client_credentials', encodeURIComponent(grant)));
      expect(response.json()).toMatchObject({
        error: 'unsupported_grant_type',
        error_description: expect.stringMatching(/^.+: this server does not have this\. .+\.$/),
      });
    }
  });
});
