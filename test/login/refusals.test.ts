/** A refusal as a value: its code, what the application is told, and what stays private. */
import { expect, test } from 'vitest';
import { refuse, rowOf } from '../../src/login/refusals.js';

test('the text for the application is the table’s, with the names filled in; the detail stays private', () => {
  expect(refuse('admit.not_a_member', 'no rule', { user: 'auth0|dana', organization: 'org_acme' })).toEqual({
    kind: 'refused',
    code: 'admit.not_a_member',
    detail: 'no rule',
    description: 'user auth0|dana is not part of the org_acme organization',
  });
});

test('a name that is not given stays as the table has it', () => {
  expect(refuse('admit.not_a_member', 'no rule').description).toBe(
    'user user is not part of the organization organization',
  );
});

test('what the tenant’s code says in several lines is one line for the application (RFC 6749, section 4.1.2.1)', () => {
  const said = 'no\r\n entry\t  today';
  expect(refuse('identify.invalid_request', 'd', { description: said }).description).toBe('no entry today');
});

test('a row has what the pages do with the refusal', () => {
  expect(rowOf('identify.unknown_client')).toMatchObject({ status: 400, shown: 'without_way_back', over: true });
  expect(rowOf('admit.not_a_member').over).toBeUndefined();
});
