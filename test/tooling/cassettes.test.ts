/** The recordings of a Management API are read, compared and replayed with this server's ids. */
import { expect, test } from 'vitest';
import { collectIds, parseCassette, propertiesOf, withIds } from '../../scripts/judges/cassettes.js';

const CASSETTE = `---
version: 2
interactions:
    - id: 0
      request:
        body: |
            {"name":"it's"}
        url: https://tenant.example/api/v2/roles
        method: POST
      response:
        body: '{"id":"rol_aaaaaaaaaaaaaaaa","name":"it''s","description":null}'
        code: 200
    - id: 1
      request:
        body: ""
        url: https://tenant.example/api/v2/roles/rol_aaaaaaaaaaaaaaaa?page=0
        method: DELETE
      response:
        body: ""
        code: 204
    - id: 2
      request:
        body: ""
        url: https://tenant.example/oauth/token
        method: POST
      response:
        body: '{}'
        code: 200
`;

test('case=steps-of-a-cassette', () => {
  expect(parseCassette(CASSETTE)).toEqual([
    {
      method: 'POST',
      path: '/roles',
      sent: { name: "it's" },
      status: 200,
      answered: { id: 'rol_aaaaaaaaaaaaaaaa', name: "it's", description: null },
    },
    { method: 'DELETE', path: '/roles/rol_aaaaaaaaaaaaaaaa?page=0', sent: undefined, status: 204, answered: undefined },
  ]);
});

test('case=properties-of-an-answer', () => {
  expect(propertiesOf([{ a: 1, b: { c: [] } }])).toEqual(['[].a', '[].b', '[].b.c']);
});

test('case=ids-are-exchanged-in-paths-and-bodies', () => {
  const ids = new Map<string, string>();
  const user = (id: string) => ({ user_id: `auth0|${id}`, name: 'same', nick: 'other' });
  collectIds(user('a'.repeat(24)), { ...user('b'.repeat(24)), nick: 'another' }, ids);
  expect([...ids]).toEqual([[`auth0|${'a'.repeat(24)}`, `auth0|${'b'.repeat(24)}`]]);
  expect(withIds(`/users/auth0%7C${'a'.repeat(24)}/roles`, ids)).toBe(`/users/auth0%7C${'b'.repeat(24)}/roles`);
});
