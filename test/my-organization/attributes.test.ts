/** Attributes of identity providers: what a connection has, compared with a profile of the operator's or with the defaults. */
import { describe, expect, test } from 'vitest';
import {
  type AttributeProfile,
  attributesOf,
  mappingOptions,
  provisioningAttributesOf,
  scimMappingOf,
  scimSubjectOf,
  USUAL_USER_ID,
} from '../../src/management/my-organization/attributes.js';
import { DEFAULT_MAPPING } from '../../src/management/scim/mapping.js';

const SURNAME = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname';

const PROFILE: AttributeProfile = {
  user_id: { scim_mapping: 'externalId', strategy_overrides: { samlp: { scim_mapping: 'userName' } } },
  user_attributes: {
    email: {
      ...{ label: 'Work address', description: 'The address at work', profile_required: true, auth0_mapping: 'email' },
      ...{
        oidc_mapping: { mapping: 'mail' },
        saml_mapping: ['mail', 'email'],
        scim_mapping: 'emails[primary eq true].value',
      },
      strategy_overrides: { okta: { oidc_mapping: { mapping: 'okta_mail' } } },
    },
    surname: {
      ...{ label: 'Surname', description: 'Family name', profile_required: false, auth0_mapping: 'family_name' },
      ...{ oidc_mapping: { mapping: 'family_name' }, saml_mapping: [SURNAME], scim_mapping: 'name.familyName' },
    },
  },
};

const find = (attributes: ReturnType<typeof attributesOf>, name: string) =>
  attributes?.find((one) => one.user_attribute === name);
const claim = (name: string) => `\${context.tokenset.${name}}`;
const flags = (one: ReturnType<typeof find>) => one && [one.is_extra, one.is_missing];

describe('at sign-in', () => {
  test.each(['oidc', 'okta', 'samlp'] as const)('%s: without a profile, nothing is extra or missing', (strategy) => {
    const attributes = attributesOf({ strategy, options: {} });
    expect(attributes?.length).toBeGreaterThan(4);
    for (const one of attributes ?? []) expect(flags(one)).toEqual([false, false]);
  });

  test.each(['waad', 'google-apps', 'auth0'] as const)('%s has none in Auth0’s document', (strategy) => {
    expect(attributesOf({ strategy, options: {} }, PROFILE)).toBeUndefined();
    expect(mappingOptions(strategy, PROFILE)).toEqual({});
  });

  test('says what an update would add, change and remove', () => {
    const attributes = attributesOf({ strategy: 'oidc', options: {} }, PROFILE);
    expect(find(attributes, 'email')).toEqual({
      ...{ user_attribute: 'email', label: 'Work address', description: 'The address at work', is_required: true },
      ...{ is_extra: true, is_missing: true, sso_field: ['email'] },
    });
    expect(flags(find(attributes, 'family_name'))).toEqual([false, false]);
    expect(flags(find(attributes, 'nickname'))).toEqual([true, false]);
    const map = { mapping_mode: 'use_map', attributes: { family_name: claim('family_name') } };
    const mapped = attributesOf({ strategy: 'oidc', options: { attribute_map: map } }, PROFILE);
    expect(find(mapped, 'email')).toMatchObject({ is_extra: false, is_missing: true, sso_field: ['mail'] });
    expect(find(mapped, 'nickname')).toBeUndefined();
  });

  test.each(['oidc', 'okta', 'samlp'] as const)('%s: after an update nothing of the profile is missing', (strategy) => {
    const options = mappingOptions(strategy, PROFILE);
    for (const name of ['email', 'family_name'])
      expect(flags(find(attributesOf({ strategy, options }, PROFILE), name))).toEqual([false, false]);
  });

  test('a strategy has a mapping of its own before the common one', () => {
    const { attribute_map: map } = mappingOptions('okta', PROFILE);
    expect(map).toMatchObject({ attributes: { email: claim('okta_mail') } });
    expect(mappingOptions('samlp', PROFILE)).toEqual({
      fieldsMap: { email: ['mail', 'email'], family_name: [SURNAME] },
    });
    expect(mappingOptions('oidc')).toEqual({ attribute_map: { mapping_mode: 'bind_all' } });
    expect(mappingOptions('samlp')).toEqual({ fieldsMap: undefined });
  });

  test.each([
    ['a text', 'x'],
    ['a list', []],
    ['null', null],
    ['attributes that are no texts', { mapping_mode: 'use_map', attributes: { email: 1, name: null } }],
    ['no mode', { attributes: { email: 'x' } }],
  ])('an attribute map of %s is read', (_name, map) => {
    expect(() => attributesOf({ strategy: 'oidc', options: { attribute_map: map, fieldsMap: map } })).not.toThrow();
    expect(() => attributesOf({ strategy: 'samlp', options: { fieldsMap: map } }, PROFILE)).not.toThrow();
  });
});

describe('by SCIM', () => {
  test('the profile names paths and the subject', () => {
    expect(scimSubjectOf('oidc')).toBe('externalId');
    expect(scimSubjectOf('samlp')).toBe('userName');
    expect(scimSubjectOf('oidc', PROFILE)).toBe('externalId');
    expect(scimSubjectOf('samlp', PROFILE)).toBe('userName');
    expect(scimSubjectOf('google-apps', PROFILE)).toBeUndefined();
    expect(scimMappingOf('oidc')).toBe(DEFAULT_MAPPING);
  });

  test('a profile that names no subject keeps the one of the strategy', () => {
    const of = (strategy: string, user_id: AttributeProfile['user_id']) =>
      scimSubjectOf(strategy, { ...PROFILE, user_id } as AttributeProfile);
    expect(of('samlp', USUAL_USER_ID), 'as the server completes it').toBe('userName');
    expect(of('oidc', USUAL_USER_ID)).toBe('externalId');
    expect(of('samlp', { scim_mapping: 'id' })).toBe('id');
    const samlp = { scim_mapping: 'externalId' };
    expect(of('samlp', { ...USUAL_USER_ID, strategy_overrides: { samlp } }), 'asked for by name').toBe('externalId');
  });

  test('a profile leaves neither the name nor the deactivation of people out', () => {
    expect(scimMappingOf('oidc', PROFILE)).toEqual([
      { scim: 'userName', auth0: 'preferred_username' },
      { scim: 'emails[primary eq true].value', auth0: 'email' },
      { scim: 'active', auth0: 'blocked' },
      { scim: 'name.familyName', auth0: 'family_name' },
    ]);
  });

  test('the default mapping has what the profile does not ask for: extra', () => {
    const attributes = provisioningAttributesOf('oidc', { mapping: undefined }, PROFILE);
    expect(flags(find(attributes, 'email'))).toEqual([false, false]);
    expect(flags(find(attributes, 'department'))).toEqual([true, false]);
    const mapping = scimMappingOf('oidc', PROFILE);
    for (const one of provisioningAttributesOf('oidc', { mapping }, PROFILE))
      expect(flags(one)).toEqual([false, false]);
  });

  test('items without a source or a target are left out', () => {
    const mapping = [{ scim: 'title' }, { auth0: 'name' }, {}];
    expect(provisioningAttributesOf('oidc', { mapping })).toHaveLength(DEFAULT_MAPPING.length);
  });
});
