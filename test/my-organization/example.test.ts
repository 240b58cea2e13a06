/** The forms of examples/organization-settings send what this server accepts, for each kind of identity provider. */
import { describe, expect, test } from 'vitest';
import { STRATEGIES, toOptions } from '../../examples/organization-settings/src/strategies.js';
import {
  OWN_STRATEGIES,
  type OwnStrategy,
  readOptions,
  showOptions,
  toConnectionOptions,
} from '../../src/management/my-organization/idp-options.js';

test('the forms know each kind that a customer can connect, and no other', () => {
  expect(Object.keys(STRATEGIES).toSorted()).toEqual(OWN_STRATEGIES.toSorted());
});

const CLIENT = { client_id: 'an-id', client_secret: 'a-secret' };
const CASES: readonly (readonly [OwnStrategy, Readonly<Record<string, string>>])[] = [
  ['oidc', { discovery_url: 'https://idp.example', ...CLIENT }],
  ['okta', { domain: 'acme.okta.com', ...CLIENT }],
  ['waad', { tenant_domain: 'acme.onmicrosoft.com', ...CLIENT }],
  ['google-apps', { domain: 'acme.com', ...CLIENT }],
  ['samlp', { metadataUrl: 'https://idp.example/metadata' }],
  ['samlp', { signInEndpoint: 'https://idp.example/sso', issuer: 'urn:idp', cert: 'PEM' }],
];

describe.each(CASES)('%s with %o', (strategy, filled) => {
  const fieldsOf = () => STRATEGIES[strategy]?.fields ?? [];

  test('connects with the fields of the form', () => {
    const names = fieldsOf().map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(filled)));
    for (const { name, optional } of fieldsOf()) if (!optional) expect(Object.keys(filled)).toContain(name);
    const options = toOptions(strategy, { ...filled, elsewhere: 'x' });
    expect(options).not.toHaveProperty('elsewhere');
    const body = { strategy, name: 'own', display_name: 'Own', options };
    expect(() => readOptions(strategy, body)).not.toThrow();
  });

  test('is changed with what the API shows, and loses nothing', () => {
    const signing = strategy === 'samlp' && { digestAlgorithm: 'sha256' };
    const given = readOptions(strategy, {
      strategy,
      name: 'own',
      options: { ...toOptions(strategy, filled), ...signing },
    });
    const stored = toConnectionOptions(strategy, given ?? {});
    const shown = showOptions(strategy, stored);
    const again = Object.fromEntries(fieldsOf().flatMap(({ name }) => (shown[name] ? [[name, shown[name]]] : [])));
    const options = toOptions(strategy, again, shown);
    const next = toConnectionOptions(strategy, readOptions(strategy, { options }, stored) ?? {}, stored);
    expect(next).toEqual({ ...stored, client_secret: undefined });
  });
});
