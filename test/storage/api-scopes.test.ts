/** The scopes of an API as a token request reads them: by the whole text, however many APIs there are. */
import { expect, test } from 'vitest';
import { toApiScopes } from '../../src/storage/tokens/api-scopes.js';

const textOf = (...values: readonly unknown[]) => JSON.stringify(values.map((value) => ({ value, description: 'd' })));

test('case=the names are read, in order and once', () => {
  expect([...toApiScopes(textOf('read:notes', 'write:notes', 'read:notes'))]).toEqual(['read:notes', 'write:notes']);
  expect([...toApiScopes('[{"description": "nameless"}, {"value": 7}, {"value": "read:notes"}]')]).toEqual([
    'read:notes',
  ]);
  expect([...toApiScopes('[]'), ...toApiScopes('{}')]).toEqual([]);
});

// Attack: an API gives a scope up, and its machines go on getting it from the list that is kept.
test('case=attack: a changed list is read again at once, and the former one when it is back', () => {
  expect(toApiScopes(textOf('read:notes', 'admin')).has('admin')).toBe(true);
  expect(toApiScopes(textOf('read:notes')).has('admin')).toBe(false);
  expect(toApiScopes(textOf('read:notes', 'admin')).has('admin')).toBe(true);
});

test('case=a text is parsed once while it is among the last sixteen, and a very long one each time', () => {
  const first = toApiScopes(textOf('first'));
  expect(toApiScopes(textOf('first'))).toBe(first);
  for (let count = 0; count < 16; count += 1) toApiScopes(textOf(`other:${count}`));
  expect(toApiScopes(textOf('first'))).not.toBe(first);
  expect(toApiScopes(textOf('first'))).toEqual(first);
  const long = textOf('x'.repeat(70_000));
  expect(toApiScopes(long)).not.toBe(toApiScopes(long));
});
