/** Where a connection leads, and when that is another place. */
import { describe, expect, test } from 'vitest';
import {
  destinationOf,
  expectedIssuer,
  isElsewhere,
  isOtherIssuer,
} from '../../src/domain/companies/idp-destination.js';
import type { Connection } from '../../src/domain/tenant.js';

const of = (options: Connection['options'], strategy: Connection['strategy'] = 'oidc') =>
  destinationOf({ strategy, options });
const DISCOVERY = 'https://idp.example/tenant/.well-known/openid-configuration';

describe('the discovery document', () => {
  test.each<[string, Connection['options'], string | undefined]>([
    ['is given whole', { discovery_url: DISCOVERY }, DISCOVERY],
    ['is given as the issuer', { discovery_url: 'https://idp.example/tenant//' }, DISCOVERY],
    ['follows from the issuer', { issuer: 'https://idp.example/tenant/' }, DISCOVERY],
    [
      'follows from the issuer that Auth0 stored',
      { oidc_metadata: { issuer: 'https://idp.example/tenant' } },
      DISCOVERY,
    ],
    ['is nowhere', { domain: 'idp.example', issuer: '', discovery_url: 7 }, undefined],
  ])('%s', (_what, options, expected) => {
    expect(of(options).discoveryUrl).toBe(expected);
  });

  test('follows from the issuer for okta too, where no domain is given', () => {
    expect(of({ issuer: 'https://idp.example/tenant' }, 'okta').discoveryUrl).toBe(DISCOVERY);
  });

  test('an address of 2,048 characters is one, and a domain of 255; longer ones are none', () => {
    const address = (length: number) => `https://idp.example/${'x'.repeat(length - 'https://idp.example/'.length)}`;
    expect(of({ issuer: address(2048) }).issuer).toBe(address(2048));
    expect(of({ issuer: address(2049) }).issuer).toBeUndefined();
    expect(of({ domain: 'd'.repeat(255) }, 'okta').discoveryUrl).toContain('d'.repeat(255));
    expect(of({ domain: 'd'.repeat(256) }, 'okta').discoveryUrl).toBeUndefined();
  });

  test.each([null, 'x', ['https://idp.example']])('what Auth0 stored is not looked at where it is %j', (stored) => {
    expect(of({ oidc_metadata: stored, issuer: 'https://idp.example/tenant' }).discoveryUrl).toBe(DISCOVERY);
  });

  test('follows from the domain, for okta alone', () => {
    expect(of({ domain: 'acme.okta.example' }, 'okta').discoveryUrl).toBe(
      'https://acme.okta.example/.well-known/openid-configuration',
    );
  });

  test('a slash more or less is the same place, in a moment', () => {
    expect(expectedIssuer(of({ issuer: `https://idp.example${'/'.repeat(2_000)}` }))).toBe('https://idp.example');
    expect(expectedIssuer(of({ discovery_url: DISCOVERY }))).toBe('https://idp.example/tenant');
    expect(expectedIssuer(of({}))).toBeUndefined();
  });
});

describe('a move', () => {
  const before = { issuer: 'https://idp.example', client_id: 'c', scope: 'openid', domain_aliases: ['acme.example'] };
  test.each<[string, Connection['options'], boolean, boolean]>([
    ['nothing', before, false, false],
    ['what is no address', { ...before, client_id: 'd', scope: 'openid email', upstream_params: {} }, false, false],
    ['the same issuer, kept elsewhere', { ...before, issuer: undefined, oidc_metadata: before }, false, false],
    ['the issuer', { ...before, issuer: 'https://other.example' }, true, true],
    ['a slash', { ...before, issuer: 'https://idp.example/' }, true, false],
    ['no issuer', { ...before, issuer: undefined }, true, true],
    ['the discovery document', { ...before, discovery_url: 'https://other.example' }, true, false],
    ['the discovery document and no issuer', { discovery_url: 'https://other.example' }, true, true],
    ['the token endpoint', { ...before, token_endpoint: 'https://other.example/token' }, true, false],
    ['the authorization endpoint', { ...before, authorization_endpoint: 'https://other.example/auth' }, true, false],
    ['the keys', { ...before, jwks_uri: 'https://other.example/keys' }, true, false],
    [
      'an endpoint that Auth0 stored',
      { ...before, oidc_metadata: { token_endpoint: 'https://x.example' } },
      true,
      false,
    ],
  ])('%s', (_what, after, elsewhere, otherIssuer) => {
    expect([isElsewhere(of(before), of(after)), isOtherIssuer(of(before), of(after))]).toEqual([
      elsewhere,
      otherIssuer,
    ]);
  });

  test('the domain of an okta connection', () => {
    const [from, to] = [of({ domain: 'acme.okta.example' }, 'okta'), of({ domain: 'evil.example' }, 'okta')];
    expect([isElsewhere(from, to), isOtherIssuer(from, to)]).toEqual([true, true]);
  });
});
