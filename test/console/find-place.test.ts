/** Where the console's finder leads: by the look of what was pasted, and never to a page that the text itself chooses. */
import { expect, test } from 'vitest';
import { findPlace } from '../../src/console/find-place.js';

test.each([
  [' v-ab12-cd34\n', { to: '/log', search: { reference: 'V-AB12-CD34' } }],
  ['org_abc', { to: '/organizations/org_abc' }],
  ['con_abc', { to: '/connections/con_abc' }],
  ['auth0|abc', { to: '/people/auth0%7Cabc' }],
  ['rita@acme.example', { to: '/people', search: { q: 'rita@acme.example' } }],
  ['V-AB12', { to: '/people', search: { q: 'V-AB12' } }],
  ['  ', undefined],
])('%j', (text, place) => expect(findPlace(text)).toEqual(place));

test.each(['auth0|x/../../settings/keys', 'org_x/../../settings/keys?a=b#c', 'con_/../settings'])(
  '%j stays one part of an address',
  (text) => {
    const { to = '' } = findPlace(text) ?? {};
    const { pathname, search, hash } = new URL(to, 'https://console.example');
    expect([pathname.split('/').length, search, hash]).toEqual([3, '', '']);
  },
);
