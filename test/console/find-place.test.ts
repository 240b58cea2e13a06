/** Where the console's palette leads: by the look of what was pasted, and never to a page that the text itself chooses. */
import { expect, test } from 'vitest';
import { findLists, findPlace } from '../../src/console/finder/find-place.js';
import { ACTIONS, offersAt, PAGES, pickOffers } from '../../src/console/finder/places.js';

test.each([
  [' v-ab12-cd34\n', { to: '/log', search: { reference: 'V-AB12-CD34' } }],
  ['org_abc', { to: '/organizations/org_abc' }],
  ['con_abc', { to: '/connections/con_abc' }],
  ['auth0|abc', { to: '/people/auth0%7Cabc' }],
])('%j', (text, place) => expect(findPlace(text)).toMatchObject(place));

test.each(['rita@acme.example', 'V-AB12', '  '])('%j is no reference and no id', (text) =>
  expect(findPlace(text)).toBeUndefined(),
);

test('another text is searched in each list', () => {
  expect(findLists(' rita@acme.example ').map(({ to, search }) => [to, search])).toEqual([
    ['/people', { q: 'rita@acme.example' }],
    ['/organizations', { find: 'rita@acme.example' }],
    ['/applications', { find: 'rita@acme.example' }],
    ['/connections', { find: 'rita@acme.example' }],
  ]);
  expect(findLists('  ')).toEqual([]);
});

test.each(['auth0|x/../../settings/keys', 'org_x/../../settings/keys?a=b#c', 'con_/../settings'])(
  '%j stays one part of an address',
  (text) => {
    const { to = '' } = findPlace(text) ?? {};
    const { pathname, search, hash } = new URL(to, 'https://console.example');
    expect([pathname.split('/').length, search, hash]).toEqual([3, '', '']);
  },
);

const all = () => true;
const names = (text: string, may: (scope: string) => boolean = all) =>
  pickOffers([...PAGES, ...ACTIONS], text, may).map(({ name }) => name);

test.each([
  ['mail', ['Settings: Mail']],
  ['KEYS', ['Settings: Keys']],
  ['home realm', ['Connections']],
  ['create user', ['Create person']],
  ['xyzzy', []],
])('the words %j find %j', (text, found) => expect(names(text)).toEqual(found));

test('each needs all of its scopes', () => {
  const readOnly = (scope: string) => scope.startsWith('read:');
  expect(names('', readOnly)).toEqual(PAGES.map(({ name }) => name));
  expect(names('', () => false)).toEqual(['Today', 'API reference']);
});

test('the organization whose page is open is offered, and no other page has one', () => {
  const own = offersAt('/organizations/org_a/invitations').map(({ to, search }) => [to, search]);
  expect(own).toContainEqual(['/organizations/org_a/invitations/new', undefined]);
  expect(own).toContainEqual(['/connections/new', { organization: 'org_a' }]);
  expect(offersAt('/organizations')).toEqual([]);
  expect(offersAt('/people/auth0|organizations')).toEqual([]);
});
