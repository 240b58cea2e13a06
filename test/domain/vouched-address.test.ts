/** What of an ID token says that the address in it is the person's own. */
import { describe, expect, test } from 'vitest';
import { isAddressVouched } from '../../src/domain/vouched-address.js';

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
  expect(isAddressVouched('https://idp.acme.example', { email_verified })).toBe(vouched);
});

describe('xms_edov', () => {
  test.each([true, 1, '1', 'true'])('%j of Entra vouches', (xms_edov) => {
    for (const issuer of [
      ENTRA,
      `https://sts.windows.net/${TENANT}/`,
      `https://login.microsoftonline.us/${TENANT}/v2.0`,
    ])
      expect(isAddressVouched(issuer, { xms_edov })).toBe(true);
  });

  test.each([false, 0, '0', 'false', '', null, undefined, {}, [true]])('%j does not', (xms_edov) => {
    expect(isAddressVouched(ENTRA, { xms_edov, email: 'dana@acme.example' })).toBe(false);
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
  ])('of %j means nothing', (issuer) => expect(isAddressVouched(issuer, { xms_edov: true })).toBe(false));

  test('does not outweigh a no', () => {
    expect(isAddressVouched(ENTRA, { xms_edov: true, email_verified: false })).toBe(false);
  });
});
