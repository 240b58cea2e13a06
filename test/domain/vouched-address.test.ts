/** Claims of an ID token that prove that the address in it is the person's own. */
import { describe, expect, test } from 'vitest';
import { isAddressVouched } from '../../src/domain/people/vouched-address.js';

const TENANT = '9188040d-6c67-4c5b-b112-36a304b66dad';
const ENTRA = `https://login.microsoftonline.com/${TENANT}/v2.0`;

test.each([
  ['true', true, true],
  ['false', false, false],
  ['the text', 'true', false],
  ['one', 1, false],
  ['null', null, false],
  ['nothing', undefined, false],
])('email_verified: %s', (_name, email_verified, vouched) => {
  expect(isAddressVouched('oidc', 'https://idp.acme.example', { email_verified })).toBe(vouched);
});

describe('xms_edov', () => {
  test.each([true, 1, '1', 'true'])('%j of Entra vouches', (xms_edov) => {
    for (const issuer of [
      ENTRA,
      `https://sts.windows.net/${TENANT}/`,
      `https://login.microsoftonline.us/${TENANT}/v2.0`,
    ])
      expect(isAddressVouched('oidc', issuer, { xms_edov })).toBe(true);
  });

  test.each([false, 0, '0', 'false', '', null, undefined, {}, [true]])('%j does not', (xms_edov) => {
    expect(isAddressVouched('oidc', ENTRA, { xms_edov, email: 'dana@acme.example' })).toBe(false);
  });

  // Attack: a claim that means something at one provider, sent by another.
  test.each([
    'https://idp.acme.example',
    'https://login.microsoftonline.com.evil.example/x/v2.0',
    'https://evil.example/https://login.microsoftonline.com/',
    'http://login.microsoftonline.com/x',
    undefined,
    7,
    [ENTRA],
  ])('of %j means nothing', (issuer) => expect(isAddressVouched('oidc', issuer, { xms_edov: true })).toBe(false));

  test('does not outweigh a no', () => {
    expect(isAddressVouched('oidc', ENTRA, { xms_edov: true, email_verified: false })).toBe(false);
  });
});

describe('at a waad connection', () => {
  test.each([true, 1, '1', 'true'])('xms_edov %j vouches', (xms_edov) => {
    expect(isAddressVouched('waad', ENTRA, { xms_edov })).toBe(true);
  });

  // Attack ("nOAuth"): the address is whatever an administrator of the tenant typed in; a mapped claim may be called as one likes.
  test.each([
    { email: 'dana@acme.example' },
    { email_verified: true },
    { xms_edov: '0' },
    { xms_edov: false, email_verified: true },
    { xms_edov: true, email_verified: false },
    { verified_primary_email: ['dana@acme.example'] },
  ])('%j does not', (claims) => expect(isAddressVouched('waad', ENTRA, claims)).toBe(false));
});

test('at a google-apps connection the boolean email_verified counts, as Google sends it, and xms_edov does not', () => {
  const google = 'https://accounts.google.com';
  expect(isAddressVouched('google-apps', google, { email_verified: true })).toBe(true);
  for (const claims of [{ email_verified: 'true' }, { xms_edov: true }, {}])
    expect(isAddressVouched('google-apps', google, claims)).toBe(false);
});
