/** Small rules about what an administrator configures. */
import { describe, expect, test } from 'vitest';
import { isTriggerId } from '../../src/domain/actions/action.js';
import { isReservedClaim } from '../../src/domain/actions/reserved-claims.js';
import { hasPrompt, type Prompt } from '../../src/domain/authorization-request.js';
import { profileSourceOf } from '../../src/domain/people/profile-source.js';
import { fingerprintOf, isEnterprise, organizationTitle, type Strategy } from '../../src/domain/tenant.js';
import { ACME, attemptOf, ssoOf } from '../support/login-facts.js';

test('the fingerprint changes with the connection and with what the organization allows it', () => {
  const enablement = ssoOf();
  const { connection } = enablement;
  const prints = [
    fingerprintOf(connection, enablement),
    fingerprintOf(connection, ssoOf({ revision: 'e2' })),
    fingerprintOf({ ...connection, revision: 'c2' }, enablement),
    fingerprintOf(connection, undefined),
  ];
  expect(new Set(prints).size).toBe(4);
});

test('an organization is shown by its display name, else by its name', () => {
  expect(organizationTitle(ACME)).toBe('Acme');
  expect(organizationTitle({ ...ACME, displayName: undefined })).toBe('acme');
});

test.each<[Strategy, boolean]>([
  ['auth0', false],
  ['oidc', true],
  ['okta', true],
  ['samlp', true],
])('people of %s sign in at another server: %s', (strategy, enterprise) => {
  expect(isEnterprise(strategy)).toBe(enterprise);
});

describe('where the people of a connection come from (set_user_root_attributes)', () => {
  test.each([
    [undefined, true, true],
    ['on_each_login', true, true],
    ['on_first_login', true, false],
    ['never_on_login', false, false],
  ])('%s: opens accounts %s, their profile follows %s', (when, opensAccounts, followed) => {
    const options = when === undefined ? {} : { set_user_root_attributes: when };
    expect(profileSourceOf({ options })).toEqual({ opensAccounts, followed });
  });
});

test('a request has the prompts that it names', () => {
  const asks = (prompt: readonly Prompt[] | undefined) =>
    hasPrompt({ ...attemptOf().request, ...(prompt && { prompt }) }, 'login');
  expect(asks(['select_account', 'login'])).toBe(true);
  expect(asks(['none'])).toBe(false);
  expect(asks(undefined)).toBe(false);
});

describe('names that are known', () => {
  test('a claim that belongs to the protocol', () => {
    for (const name of ['sub', 'org_id', 'acr', 'x5t#S256']) expect(isReservedClaim(name)).toBe(true);
    for (const name of ['email', 'https://acme.example/roles', '']) expect(isReservedClaim(name)).toBe(false);
  });

  test('a trigger, and nothing that every object has', () => {
    for (const name of ['post-login', 'organization-admission']) expect(isTriggerId(name)).toBe(true);
    for (const name of ['post-logout', 'toString', '']) expect(isTriggerId(name)).toBe(false);
  });
});
