/** The console's log search, read by the grammar of the API: a value is looked for as it is, whatever it contains. */
import { expect, test } from 'vitest';
import { toQuery } from '../../src/console/lines/search.js';
import { parseLogQuery } from '../../src/management/logs/log-query.js';

const NOW = new Date('2026-12-01T00:00:00.000Z');

test.each([
  'oidc|acme|sam',
  String.raw`samlp|acme|CORP\nora`,
  String.raw`samlp|acme|ends\ `.trim(),
  // Attack: a subject, which an identity provider chooses, ends its quotes and widens the operator's search.
  'oidc|acme|x" OR type:s OR user_id:"y',
  String.raw`oidc|acme|x\" OR type:s`,
])('case=a person %s is looked for as they are', (person) => {
  expect(parseLogQuery(toQuery({ show: 'all', person }, NOW))).toEqual({ userId: person });
});
