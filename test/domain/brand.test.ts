/** Name and look of a page, by what is known of the place. */
import { describe, expect, test } from 'vitest';
import { brandOf, type KnownPlace } from '../../src/domain/look/brand.js';
import { UNNAMED_TENANT } from '../../src/domain/tenant.js';
import { ACME } from '../support/login-facts.js';

const ORIGIN = 'https://login.example:8443';
const client = { name: 'Notebook' };

describe('the title', () => {
  test.each<readonly [string, KnownPlace, string]>([
    [
      'the organization before everything else',
      { organization: ACME, tenant: { friendlyName: 'Corp' }, client },
      'Acme',
    ],
    [
      'the organization by its name where nothing is to be shown instead',
      { organization: { ...ACME, displayName: undefined } },
      'acme',
    ],
    ['the tenant before the application', { tenant: { friendlyName: ' Corp ' }, client }, 'Corp'],
    ['the application where nobody named the tenant', { tenant: { friendlyName: UNNAMED_TENANT }, client }, 'Notebook'],
    ['the application where the tenant’s name is blank', { tenant: { friendlyName: '  ' }, client }, 'Notebook'],
    ['the application where the tenant is not known yet', { client }, 'Notebook'],
    ['this server’s host where nothing else is known', {}, 'login.example'],
  ])('is %s', (_name, place, title) => expect(brandOf(place, ORIGIN)).toEqual({ title }));
});

test('the look is the organization’s, what it has of it', () => {
  const look = { logoUrl: 'https://cdn.example/l.svg', primaryColor: '#0f766e', pageBackground: '#ffffff' };
  const looking = (branding: Partial<typeof look>) =>
    brandOf({ organization: { ...ACME, branding: { ...ACME.branding, ...branding } } }, ORIGIN);
  expect(looking(look)).toEqual({ title: 'Acme', ...look });
  expect(looking({ logoUrl: look.logoUrl })).toEqual({ title: 'Acme', logoUrl: look.logoUrl });
  expect(Object.keys(looking({}))).toEqual(['title']);
});
