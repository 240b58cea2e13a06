/** Name and picture of an account where nobody has set them: Auth0's defaults. */
import { expect, test } from 'vitest';
import { shownProfile } from '../../src/domain/people/shown-profile.js';

const avatar = (hash: string, letters: string) =>
  `https://s.gravatar.com/avatar/${hash}?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2F${letters}.png`;

test('nobody said anything: the address, what stands before its @, and Gravatar’s picture of it', () => {
  expect(shownProfile({ userId: 'auth0|1', email: 'dana.doe@acme.example', profile: {} })).toEqual({
    name: 'dana.doe@acme.example',
    nickname: 'dana.doe',
    // md5sum of the address
    picture: avatar('c5d55064b4c5c7fcc9aea65c5d655c2e', 'da'),
  });
});

test.each([
  ['d@acme.example', 'default'],
  ['7of9@acme.example', 'of'],
  ['j+smith@acme.example', 'js'],
  ['a&b=c#d%@acme.example', 'ab'],
])('%s: the letters of the picture are %s', (email, letters) => {
  const picture = new URL(shownProfile({ userId: 'auth0|1', email, profile: {} }).picture ?? '');
  expect(picture.searchParams.get('d')).toBe(`https://cdn.auth0.com/avatars/${letters}.png`);
});

test('what somebody said stays, by itself', () => {
  const given = { name: 'Dana', nickname: 'dd', givenName: 'D', familyName: 'Doe', picture: 'https://p.example/d.png' };
  const owner = { userId: 'auth0|1', email: 'dana@acme.example' };
  expect(shownProfile({ ...owner, profile: given })).toEqual(given);
  expect(shownProfile({ ...owner, profile: { name: 'Dana' } })).toMatchObject({ name: 'Dana', nickname: 'dana' });
});

test('somebody whom a company’s identity provider brought: no picture but the provider’s, nothing without an address', () => {
  const userId = 'oidc|acme-oidc|dana';
  expect(shownProfile({ userId, email: 'dana@acme.example', profile: {} })).toEqual({
    name: 'dana@acme.example',
    nickname: 'dana',
  });
  expect(shownProfile({ userId, email: undefined, profile: { name: 'Dana' } })).toEqual({ name: 'Dana' });
});
