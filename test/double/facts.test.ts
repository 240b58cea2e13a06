/** The switches of the double: the documentation lists each with its values, and the open questions are given to tests of tools. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_FACTS, FACTS, listOpenQuestions, parseFacts, WrongFacts } from '../../src/double/facts.js';
import { readText } from '../support/source-files.js';

/** The table of docs/auth0-double.md as the source would write it. */
function toRow([name, fact]: [string, (typeof FACTS)[keyof typeof FACTS]]): string {
  const values =
    fact.kind === 'word'
      ? fact.values.map((value) => `\`${value}\``).join(', ')
      : `${fact.default} (${fact.least} to ${fact.most})`;
  return `| \`${name}\` | ${values} | ${fact.confidence}`;
}

test('case=docs/auth0-double.md has each switch, its values, its default first, and the confidence', () => {
  const rows = readText('docs/auth0-double.md')
    .split('\n')
    .filter((line) => /^\| `[a-z_]+` \| /.test(line));
  const wanted = Object.entries(FACTS).map(toRow);
  expect(rows.map((row) => row.split(' | ').slice(0, 3).join(' | '))).toEqual(wanted);
});

describe('facts', () => {
  test('case=an empty object is the likeliest tenant', () => {
    expect(parseFacts({})).toEqual(DEFAULT_FACTS);
    expect(DEFAULT_FACTS).toMatchObject({ rate_plan: 'enterprise', member_invited: 'refused', speed: 1 });
  });

  test.each<{ given: unknown }>([
    { given: null },
    { given: [] },
    { given: 'x' },
    { given: { speed: '1' } },
    { given: { speed: Number.NaN } },
    { given: { read_lag_ms: -1 } },
    { given: { read_lag_ms: 600_001 } },
    { given: { rate_plan: 'constructor' } },
    { given: { constructor: 1 } },
  ])('case=$given is refused', ({ given }) => {
    expect(() => parseFacts(given)).toThrow(WrongFacts);
  });

  test('case=each open question has all of its settings, the default first', () => {
    expect(listOpenQuestions()).toEqual([
      { name: 'added_while_removed', settings: ['stays', 'is_removed'] },
      { name: 'member_invited', settings: ['refused', 'no_op', 'grants_roles'] },
      { name: 'refresh_after_removal', settings: ['refused', 'works'] },
      { name: 'secondary_memberships', settings: ['dropped', 'merged'] },
    ]);
  });
});
