/** The judge of the cluster's rehearsal: it finds lost logins, the longest gap, and kinds of failures. Starts nothing. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  AWAY_TITLE,
  countKinds,
  findLongestGap,
  findLosses,
  judge,
  keyOf,
  kindOf,
  type Observed,
} from '../../scripts/cluster/judge.js';
import { printRow, printTable, replaceTable } from '../../scripts/cluster/table.js';
import { fillTemplate, namesIn, readEnvironment } from '../../scripts/cluster/template.js';
import { findReason, upgradeCases } from '../../scripts/cluster/upgrade.js';

const login = (name: string, atMs: number) => ({ login: name, sessionId: `sess-${name}`, atMs });
const SEEN = [login('a', 900), login('b', 1_100), login('c', 9_000), login('d', 9_500)];
const GOOD: Observed = {
  faultMs: 1_000,
  endMs: 10_000,
  seen: SEEN,
  failures: [],
  changes: [],
  stored: new Set(SEEN.map(keyOf)),
  halved: 0,
  families: 12,
  ended: 0,
};

describe('the longest time without a login', () => {
  test.each([
    ['between two logins', SEEN, 7.9],
    ['from the last login before the fault', [login('a', 900), login('b', 5_000), login('c', 9_900)], 4.9],
    ['until the end', [login('a', 900), login('b', 1_100)], 8.9],
    ['without any login', [], 9],
    ['in any order of the logins', [...SEEN].reverse(), 7.9],
    ['not before the fault', [login('a', -5_000), login('b', 950), ...SEEN.slice(1)], 7.9],
  ])('case=%s', (_name, seen, seconds) => {
    expect(findLongestGap(seen, 1_000, 10_000)).toBeCloseTo(seconds, 3);
  });
});

describe('kinds of failures', () => {
  test.each([
    ['stuck 503 at /authorize: <!doctype html>', '503'],
    [`stuck 503 at /authorize: <title>${AWAY_TITLE}</title>`, '503 of the balancer'],
    ['token 502 <html> ?code=x', '502'],
    ['callback error temporarily_unavailable: try again', 'temporarily_unavailable'],
    ['other side closed', 'no answer'],
    ['connect ECONNREFUSED 127.0.0.1:503', 'no answer'],
  ])('case=%s', (error, kind) => {
    expect(kindOf(error)).toBe(kind);
  });

  test('case=the most frequent first', () => {
    const failures = ['token 502 x', 'stuck 503 at /', 'stuck 503 at /a'].map((error) => ({ atMs: 0, error }));
    expect(countKinds(failures)).toEqual([
      ['503', 2],
      ['502', 1],
    ]);
  });

  test('case=the page of the balancer is recognized in what the driver keeps of it', () => {
    const page = readFileSync(new URL('../../deploy/cluster/away.html', import.meta.url), 'utf8');
    expect(kindOf(`token 503 ${page.slice(0, 100)} ?code=x`)).toBe('503 of the balancer');
    expect(kindOf(`stuck 503 at /authorize: ${page.replace(/\s+/g, ' ').slice(0, 200)}`)).toBe('503 of the balancer');
  });
});

describe('the verdict', () => {
  test('case=all is well', () => {
    const verdict = judge(GOOD);
    expect(verdict).toMatchObject({ logins: 3, missing: [], failed: 0, kinds: [], notReady: undefined });
    expect(findLosses(verdict)).toEqual([]);
  });

  test.each<[string, Partial<Observed>, RegExp]>([
    ['a login after the fault is missing', { stored: new Set(SEEN.slice(0, 3).map(keyOf)) }, /1 logins .*d sess-d/],
    ['a login before the fault is missing', { stored: new Set(SEEN.slice(1).map(keyOf)) }, /1 logins .*a sess-a/],
    [
      'another session of the same person',
      { stored: new Set(SEEN.map(({ login: name }) => `${name} other`)) },
      /4 logins/,
    ],
    ['an account is not whole', { halved: 2 }, /2 accounts/],
    ['refresh tokens ended', { ended: 3 }, /3 of 12 refresh tokens/],
  ])('case=%s', (_name, change, loss) => {
    expect(findLosses(judge({ ...GOOD, ...change })).join()).toMatch(loss);
  });

  test('case=only what happened between fault and end counts', () => {
    const failures = [500, 2_000, 11_000].map((atMs) => ({ atMs, error: 'token 503 x' }));
    expect(judge({ ...GOOD, failures }).failed).toBe(1);
  });

  test('case=the first node that is not ready, and how many', () => {
    const changes = [
      { node: 'node2', atMs: 500, reason: 'before' },
      { node: 'node1', atMs: 3_500, reason: 'the database is away' },
      { node: 'node2', atMs: 3_000, reason: 'the database is a standby' },
      { node: 'node1', atMs: 8_000, reason: undefined },
    ];
    expect(judge({ ...GOOD, changes }).notReady).toEqual({
      seconds: 2,
      nodes: 2,
      reason: 'the database is a standby',
    });
  });
});

describe('the table', () => {
  const verdict = judge({
    ...GOOD,
    failures: [{ atMs: 2_000, error: 'token 503 x' }],
    changes: [{ node: 'node1', atMs: 2_000, reason: `a | b ${'long '.repeat(40)}` }],
  });

  test('case=a row, with short cells and no bar in them', () => {
    const row = printRow({ title: 'primary killed', verdict });
    expect(row).toContain(
      '| primary killed | 0 | 7.9 s | 1 of 4 (1 × 503) | 0 of 12 | 1 of 3, after 1.0 s: a / b long',
    );
    expect(Math.max(...row.split(' | ').map((cell) => cell.length))).toBeLessThan(160);
  });

  test('case=an upgrade shows the longest wait for the lock of a table', () => {
    const table = printTable('today', [{ title: 'one', verdict, lockSeconds: 0.34 }]);
    const [head = '', line = '', row = ''] = table.split('\n').slice(2);
    expect(head).toContain('| sessions ended | longest wait for the lock of a table | not ready |');
    expect(row).toContain('| 0 of 12 | 0.3 s | 1 of 3');
    expect([line, row].map((text) => text.split('|').length)).toEqual([9, 9]);
  });

  test('case=it replaces the former one, and nothing else', () => {
    const document = 'a\n\n<!-- cluster -->\n\nold\n\n<!-- /cluster -->\n\nb\n';
    const table = printTable('today', [{ title: 'one', verdict }]);
    const replaced = replaceTable(document, 'cluster', table);
    expect(replaced).toMatch(/^a\n\n<!-- cluster -->\n\ntoday\n\n\| case /);
    expect(replaced).toMatch(/\|\n\n<!-- \/cluster -->\n\nb\n$/);
    expect(replaced).not.toContain('old');
    expect(replaceTable(replaced, 'cluster', table)).toBe(replaced);
    expect(() => replaceTable('a', 'cluster', table)).toThrow('<!-- cluster -->');
  });
});

describe('an upgrade', () => {
  test.each([
    [
      'the sentence of a program that does not start',
      '{"level":30}\nvestibule: The database is newer. Start another.\n\n',
      'The database is newer',
    ],
    ['lines of the log are no sentence', '{"level":50,"msg":"x"}\n', 'it ended without a word'],
  ])('case=%s', (_name, log, reason) => {
    expect(findReason(log)).toBe(reason);
  });

  test('case=its steps, with both versions in the title', () => {
    const cases = upgradeCases({ title: '0.1.0', main: 'a' }, { title: '0.2.0', main: 'b' });
    expect(cases.map(({ title }) => title)).toEqual([
      'three nodes from 0.1.0 to 0.2.0',
      'the way back',
      'the upgrade again',
    ]);
  });
});

describe('templates', () => {
  const put = (name: string) => `$\{${name}}`;

  test('case=every name has a value, or it is an error', () => {
    const template = `${put('A')}:${put('B_2')} $C ${put('d')}`;
    expect(fillTemplate(template, { A: 'x', B_2: '$&' })).toBe(`x:$& $C ${put('d')}`);
    expect(() => fillTemplate(put('A'), {})).toThrow('needs A');
    expect(namesIn(put('A') + put('B') + put('A'))).toEqual(['A', 'B']);
  });

  test('case=an environment file', () => {
    expect(readEnvironment('# A=1\nA=b=c\n\nB=\n')).toEqual({ A: 'b=c', B: '' });
  });
});
