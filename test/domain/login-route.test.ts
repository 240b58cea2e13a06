/** Where an application lets a login begin, with the organization written into the address. */
import { describe, expect, test } from 'vitest';
import { fillPlaceholders, toLoginRoute } from '../../src/domain/login-route.js';

const acme = { name: 'acme & co', metadata: { public_region: 'eu/1', public_size: 7, secret: 'x' } };

describe('a placeholder', () => {
  test.each([
    ['{organization_name}', 'acme%20%26%20co'],
    ['{organization.name}', 'acme%20%26%20co'],
    ['{organization.metadata.public_region}', 'eu%2F1'],
    ['a/{organization_name}/b/{organization.metadata.public_region}', 'a/acme%20%26%20co/b/eu%2F1'],
  ])('%s is %s', (template, filled) => expect(fillPlaceholders(template, acme)).toBe(filled));

  test.each([
    ['metadata that is not public', '{organization.metadata.secret}'],
    ['metadata that is no text', '{organization.metadata.public_size}'],
    ['metadata that is not there', '{organization.metadata.public_none}'],
    ['a name that only ends like one', '{x.organization.metadata.public_region}'],
    ['a name that only begins like one', '{organization.metadata.public_region.x}'],
    ['another name', '{tenant}'],
    ['what is no placeholder', '{organization name} {}'],
  ])('that stays open: %s', (_what, template) => expect(fillPlaceholders(template, acme)).toBe(template));

  test.each(['{organization_name}', '{organization.name}', '{organization.metadata.public_region}'])(
    '%s stays open without an organization',
    (template) => expect(fillPlaceholders(template, undefined)).toBe(template),
  );
});

describe('the route', () => {
  test.each([
    ['without placeholders', 'https://app.example/login', undefined, 'https://app.example/login'],
    ['filled', 'https://app.example/{organization_name}', acme, 'https://app.example/acme%20%26%20co'],
    ['with a placeholder that stays open', 'https://app.example/{organization_name}', undefined, undefined],
    ['with a long placeholder that stays open', 'https://app.example/{organization.metadata.x}', acme, undefined],
    ['that is no address', '/login', undefined, undefined],
    ['that is not there', undefined, acme, undefined],
  ])('%s', (_what, template, organization, route) => expect(toLoginRoute(template, organization)).toBe(route));
});
