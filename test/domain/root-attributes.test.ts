/** The claims of a provider that an Action finds at the root of `event.user`. */
import { expect, test } from 'vitest';
import { profileData, rootAttributes } from '../../src/domain/people/root-attributes.js';

test('claims of the person, and neither those of the token nor a name that this server speaks for', () => {
  const said = { groups: ['a'], upn: 'dana', iss: 'x', sub: 'y', sid: 'z', user_id: 'auth0|other', app_metadata: {} };
  expect(rootAttributes(said)).toEqual({ groups: ['a'], upn: 'dana' });
  expect(profileData(said, undefined)).toEqual({
    groups: ['a'],
    upn: 'dana',
    sub: 'y',
    user_id: 'auth0|other',
    app_metadata: {},
  });
});

test('names that were cut are kept, and told where the claim would stand; a provider cannot name any', () => {
  const kept = profileData({ upn: 'dana', claims_cut: ['upn'] }, ['groups', 'email', 'aud']);
  expect(kept).toEqual({ upn: 'dana', claims_cut: ['groups', 'email', 'aud'] });
  expect(rootAttributes(kept)).toEqual({ upn: 'dana', claims_cut: ['groups'] });
  expect(rootAttributes(profileData({ claims_cut: ['upn'] }, undefined))).toEqual({});
  expect(rootAttributes({ upn: 'dana', claims_cut: ['x'] }, [])).toEqual({ upn: 'dana' });
  expect(rootAttributes({ claims_cut: 'groups' })).toEqual({});
});

test('a claim called __proto__ changes nothing', () => {
  const said = JSON.parse('{"__proto__": {"groups": ["admin"]}, "groups": ["a"]}');
  const shown = rootAttributes(said);
  expect(Object.getPrototypeOf(shown)).toBe(Object.prototype);
  expect(shown).toEqual({ groups: ['a'] });
});
