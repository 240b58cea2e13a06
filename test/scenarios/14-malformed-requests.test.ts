/**
 * A request to /authorize that cannot be used: told to the application as soon as client and address are certain (Auth0's rule of
 * delivery; RFC 6749 section 4.1.2.1), to nobody before. And the lengths that are accepted, which are real ones. No identity provider has a
 * part in it, so it is played over one strategy.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { OTHER_PARAMETERS_LIMIT, PARAMETER_LIMITS } from '../../src/http/oauth/authorization-parameters.js';
import { CALLBACK } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, linkOf, useStage } from '../support/stage.js';

const stage = useStage();

beforeAll(async () => {
  await stage.cast.createMember('dana@acme.example');
});

function send(change: (query: URLSearchParams) => void, method = 'GET'): Promise<Visit> {
  const url = new URL(stage.visitor().authorizeUrl());
  change(url.searchParams);
  const { browser } = stage.visitor();
  if (method === 'GET') return browser.visit(url);
  return browser.visit(url.origin + url.pathname, { method, body: url.searchParams });
}

// The application is told as soon as client and address are certain (Auth0's rule of delivery; RFC 6749 section 4.1.2.1).
test.each([
  ['repeated', (query: URLSearchParams, name: string) => query.append(name, 'other'), 'must not be repeated'],
  ['too long', (query: URLSearchParams, name: string) => query.set(name, 'x'.repeat(4_097)), 'is longer than '],
  ['with a line break', (query: URLSearchParams, name: string) => query.set(name, 'a\r\nb'), 'has characters that'],
  ['with a NUL', (query: URLSearchParams, name: string) => query.set(name, 'a\0'), 'has characters that'],
])(
  'a parameter that is %s is told to the application, with its state unless that is the one',
  async (_how, spoil, says) => {
    const before = await stage.instance.snapshot();
    // A network address has sixty lines of the log in a minute: these are 36 of them.
    for (const name of [
      'state',
      'nonce',
      'scope',
      'organization',
      'audience',
      'login_hint',
      'response_mode',
      'prompt',
    ]) {
      for (const method of name === 'state' ? ['GET', 'POST'] : ['GET']) {
        const answer = await send((query) => {
          query.set(name, query.get(name) ?? 'x');
          spoil(query, name);
        }, method);
        const told = answerOf(answer);
        expect(told, `${name} by ${method}`).toMatchObject({ error: 'invalid_request' });
        expect(told.error_description).toContain(`parameter ${name} ${says}`);
        expect(told.state).toBe(name === 'state' ? undefined : 'app-state');
        expect((await stage.refusal(answer)).details.code).toBe('identify.invalid_request');
      }
    }
    await expectNothingLeft(stage.instance, before);
  },
);

test.each([
  ['of an unknown client', { client_id: 'nosuch' }],
  ['for an address that is not registered', { redirect_uri: 'https://evil.example/callback' }],
  ['for an address that is too long', { redirect_uri: `${CALLBACK}?${'x'.repeat(2_048)}` }],
])('a malformed request %s goes nowhere', async (_name, changes: Record<string, string>) => {
  for (const method of ['GET', 'POST']) {
    const page = await send((query) => {
      for (const [name, value] of Object.entries(changes)) query.set(name, value);
      query.append('state', 'twice');
    }, method);
    expect(page.status).toBe(400);
    expect(page.headers.get('location')).toBeNull();
    expect(page.text).not.toContain('href="https://evil.example');
  }
});

test('in the mode that was asked for', async () => {
  const page = await send((query) => {
    query.set('response_mode', 'form_post');
    query.append('nonce', 'twice');
  });
  expect(page.forms[0]?.action).toBe(CALLBACK);
  expect(page.forms[0]?.fields).toMatchObject({ error: 'invalid_request', state: 'app-state' });
});

test('the longest state and nonce that are allowed come back whole; lengths are bytes', async () => {
  const random = () => Buffer.from(crypto.getRandomValues(new Uint8Array(3_072))).toString('base64url');
  const [state, nonce] = [random(), random()];
  expect(state).toHaveLength(4_096);
  const visitor = stage.visitor();
  const answer = await visitor.withPassword('dana@acme.example', undefined, { state, nonce });
  expect(answerOf(answer).state).toBe(state);
  expect((await visitor.redeem(answer)).claims.nonce).toBe(nonce);
  const euros = await send((query) => query.set('state', '€'.repeat(1_366)));
  expect(answerOf(euros).error_description).toBe('parameter state is longer than 4096 bytes');
});

test('iss is in every answer, and in none of a client that asks for it to be left out (mod_auth_openidc 2.4)', async () => {
  const path = `/clients/${stage.cast.client.id}`;
  const issuer = `${stage.instance.origin}/`;
  const answers = async () => {
    const denied = stage.visitor();
    const atIdp = await denied.type(await denied.open(), 'dana@acme.example');
    stage.cast.idp.next({ callback: { error: 'access_denied', code: undefined } });
    const shown = await denied.signInAtIdp(atIdp, 'dana');
    return [
      answerOf(await stage.visitor().withPassword('dana@acme.example')),
      answerOf(await stage.visitor().open({ prompt: 'none' })),
      answerOf(await send((query) => query.append('nonce', 'twice'))),
      Object.fromEntries(new URL(linkOf(shown, 'Back to the application')).searchParams),
      (await stage.visitor().open({ prompt: 'none', response_mode: 'form_post' })).forms[0]?.fields ?? {},
    ].map((fields) => fields.iss);
  };
  expect(await answers()).toEqual(Array(5).fill(issuer));
  expect(await stage.instance.api('GET', path)).not.toHaveProperty('authorization_response_iss');
  expect(await stage.instance.api('PATCH', path, { authorization_response_iss: false })).toMatchObject({
    authorization_response_iss: false,
  });
  expect(await answers()).toEqual(Array(5).fill(undefined));
  await stage.instance.api('PATCH', path, { authorization_response_iss: null });
  expect(await answers()).toEqual(Array(5).fill(issuer));
  await expect(stage.instance.api('PATCH', path, { authorization_response_iss: 'no' })).rejects.toThrow();
});

test('docs/compatibility/sign-in.md lists the limits', () => {
  const rows = readFileSync(new URL('../../docs/compatibility/sign-in.md', import.meta.url), 'utf8').matchAll(
    /^\| (`[a-z_]+`(?:, `[a-z_]+`)*|any other parameter of `\/authorize`) \| ([\d,]+) bytes \|/gm,
  );
  const listed = [...rows].flatMap(([, names = '', bytes = '']) =>
    names.split(', ').map((name) => [name.replaceAll('`', ''), Number(bytes.replace(',', ''))]),
  );
  expect(Object.fromEntries(listed)).toEqual({
    ...PARAMETER_LIMITS,
    'any other parameter of /authorize': OTHER_PARAMETERS_LIMIT,
  });
});
