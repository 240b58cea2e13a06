/** `attribute_map` of a connection: which claims make the profile, and that it cannot make an address verified that is not. */
import { describe, expect, test } from 'vitest';
import { parseAttributeMap } from '../../src/connectors/oidc/attribute-map.js';
import { toIdentity } from '../../src/connectors/oidc/id-token.js';

const CLAIMS = {
  sub: 's',
  email: 'dana@acme.example',
  email_verified: true,
  name: 'D. Duck',
  first: 'Dana',
  last: 'Duck',
  upn: 'boss@acme.example',
  level: 7,
  groups: ['a'],
};
const ref = (name: string, source = 'tokenset') => `\${context.${source}.${name}}`;
const CONNECTION = { id: 'con_1', strategy: 'oidc' } as const;
const identityWith = (attributes: unknown, mapping_mode = 'use_map') =>
  toIdentity(
    CONNECTION,
    { issuer: 'https://idp.acme.example', subject: CLAIMS.sub },
    CLAIMS,
    parseAttributeMap({ mapping_mode, attributes }),
  );

describe('the profile', () => {
  test('is made of what the map names, joined and as text, and of nothing else', () => {
    const attributes = {
      name: `${ref('first')} ${ref('last')}`,
      given_name: ref('first'),
      nickname: `level ${ref('level')}`,
      family_name: ref('nothing'),
      picture: ref('groups'),
      email: ref('email'),
    };
    expect(identityWith(attributes).profile).toEqual({ name: 'Dana Duck', givenName: 'Dana', nickname: 'level 7' });
    expect(identityWith({ email: ref('email') }).profile).toEqual({});
  });

  test.each(['bind_all', 'basic_profile'])('is made of the usual claims under %s', (mode) => {
    expect(identityWith({ name: ref('upn') }, mode).profile).toEqual({ name: 'D. Duck' });
  });

  test.each([undefined, null, 'x', { mapping_mode: 'use_map' }, { mapping_mode: 'use_map', attributes: null }])(
    'is made of the usual claims when the map is %j',
    (map) => expect(parseAttributeMap(map)).toBeUndefined(),
  );

  test('takes nothing from userinfo, inherited names or templates that are none', () => {
    const attributes = {
      name: ref('name', 'userinfo'),
      nickname: ref('constructor'),
      given_name: 7,
      family_name: 'a $ sign',
    };
    expect(identityWith(attributes).profile).toEqual({ familyName: 'a $ sign' });
  });

  test('keeps all claims as profile data', () => expect(identityWith({}).claims).toEqual(CLAIMS));
});

describe('the address', () => {
  test('of the claim email is verified as the token says', () => {
    expect(identityWith({ email: ref('email') })).toMatchObject({ email: 'dana@acme.example', emailVerified: true });
  });

  // Attack: a claim that people choose themselves, under the verified flag of another.
  test('of another claim is taken and not vouched for', () => {
    expect(identityWith({ email: ref('upn') })).toMatchObject({ email: 'boss@acme.example', emailVerified: false });
  });

  // Attack: one address for everybody, which the domain would vouch for.
  test.each(['boss@acme.example', `${ref('first')}@acme.example`, '', ref('email', 'userinfo')])(
    'is none when the map says "%s"',
    (email) => expect(identityWith({ email })).toMatchObject({ email: undefined, emailVerified: false }),
  );
});
