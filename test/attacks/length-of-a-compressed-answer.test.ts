/**
 * Attack (BREACH): another site has a browser load an address with a guess in it, and measures the length of the
 * answer on the wire. Compressed, an answer is shorter where the guess matches a secret in it, so the secret can be
 * guessed a character at a time. Pages and answers of the APIs are never compressed (ADR 0113).
 */
import { expect, test } from 'vitest';
import { useStage } from '../support/stage.js';

const stage = useStage();
const ALL = { 'accept-encoding': 'br, gzip, deflate, zstd' };

test('pages with a secret and a word from the address have their own length', async () => {
  const visitor = stage.visitor();
  const { origin } = stage.instance;
  const { url } = await visitor.open({ login_hint: 'guess@acme.example' });
  const state = url.searchParams.get('state');
  const paths = [
    `/u/login/identifier?state=${state}`,
    `/u/login/password?state=${state}`,
    `/u/reset-password/request?state=${state}`,
    '/u/reset-password?ticket=guess',
    '/authorize?client_id=guess',
    '/account',
    '/account/login',
    '/device?user_code=guess',
    '/oidc/logout?state=guess',
    '/.well-known/openid-configuration',
    '/userinfo',
    '/api/v2/clients',
    '/my-org/v1/details',
    '/scim/v2/Users',
    '/nowhere?guess',
  ];
  let pages = 0;
  for (const path of paths) {
    const answer = await visitor.browser.request(origin + path, { headers: ALL });
    expect(answer.headers.get('content-encoding'), path).toBeNull();
    const text = await answer.text();
    if (text.includes('name="state"') || text.includes('guess')) pages += 1;
  }
  // A page with the state of the login or a word of the address has something to guess.
  expect(pages).toBeGreaterThanOrEqual(2);
});
