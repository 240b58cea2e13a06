/** When a domain is proved, until when, and who is told: the rules without network and database. */
import { describe, expect, test } from 'vitest';
import {
  describeProblem,
  findRecord,
  isFresh,
  judgeProof,
  nextLook,
  PROOF_HOLDS_SECONDS,
  proofEnd,
  type RecordFinding,
  type TextAnswer,
  verificationHost,
} from '../../src/domain/companies/domain-proof.js';
import { addSeconds } from '../../src/kernel/clock.js';

const AT = new Date('2026-11-27T10:00:00.000Z');
const DAY = 86_400;
const MINE = '0123456789abcdef0123456789abcdef';
const texts = (...list: string[]): TextAnswer => ({ kind: 'texts', texts: list });
const inDays = (days: number) => addSeconds(AT, days * DAY);

describe('whether the record is there', () => {
  test.each<readonly [string, TextAnswer, RecordFinding]>([
    ['alone', texts(MINE), { kind: 'seen' }],
    ['beside others', texts('v=spf1 -all', MINE), { kind: 'seen' }],
    ['another organization’s', texts('f'.repeat(32)), { kind: 'missing', problem: 'other_text' }],
    ['inside a longer one', texts(`x${MINE}`, `${MINE} `, `"${MINE}"`), { kind: 'missing', problem: 'other_text' }],
    ['split over two records', texts(MINE.slice(0, 16), MINE.slice(16)), { kind: 'missing', problem: 'other_text' }],
    ['in capitals', texts(MINE.toUpperCase()), { kind: 'missing', problem: 'other_text' }],
    ['of a wildcard', texts('v=spf1 include:mail.example ~all'), { kind: 'missing', problem: 'other_text' }],
    ['empty', texts(''), { kind: 'missing', problem: 'other_text' }],
    ['no such name', { kind: 'absent', reason: 'no_such_name' }, { kind: 'missing', problem: 'no_such_name' }],
    ['no text', { kind: 'absent', reason: 'no_text' }, { kind: 'missing', problem: 'no_text' }],
    ['silence', { kind: 'no_answer', reason: 'timeout' }, { kind: 'unknown', problem: 'timeout' }],
    ['a failure', { kind: 'no_answer', reason: 'server_failure' }, { kind: 'unknown', problem: 'server_failure' }],
    ['too much', { kind: 'no_answer', reason: 'too_much' }, { kind: 'unknown', problem: 'too_much' }],
  ])('case=%s', (_name, answer, finding) => {
    expect(findRecord(answer, MINE)).toEqual(finding);
  });

  test('case=the name is the organization’s and the domain’s own', () => {
    expect(verificationHost('org_Ab3', 'acme.example')).toBe('_ss-verification.org_Ab3.acme.example');
    expect(verificationHost('org_Ab3', 'mail.acme.example')).not.toBe(verificationHost('org_Ab3', 'acme.example'));
  });
});

describe('what follows from a look', () => {
  const missing = { kind: 'missing', problem: 'no_such_name' } as const;
  const silent = { kind: 'unknown', problem: 'timeout' } as const;
  const judge = (finding: RecordFinding, endsInDays: number, isTold = false) =>
    judgeProof(finding, { expiresAt: inDays(endsInDays), isTold }, AT, 0.5);

  test('case=seen: a week from now, and again in a day', () => {
    expect(judge({ kind: 'seen' }, 6)).toEqual({ kind: 'holds', expiresAt: inDays(7), nextLookAt: inDays(1) });
  });

  test('case=missing: told at once, days before the end, and once', () => {
    expect(judge(missing, 6)).toMatchObject({ kind: 'shaky', problem: 'no_such_name', tell: true });
    expect(judge(missing, 6, true)).toMatchObject({ kind: 'shaky', tell: false });
  });

  test('case=silence is not a missing record: told only when the proof is about to end', () => {
    expect(judge(silent, 6)).toMatchObject({ kind: 'shaky', problem: 'timeout', tell: false });
    expect(judge(silent, 3)).toMatchObject({ kind: 'shaky', problem: 'timeout', tell: true });
    expect(judge(silent, 2, true)).toMatchObject({ kind: 'shaky', tell: false });
  });

  test.each([missing, silent])('case=neither ends it early nor makes it longer: $kind', (finding) => {
    for (const days of [6, 3, 1, 0.001]) {
      const verdict = judge(finding, days);
      expect(verdict).toMatchObject({ kind: 'shaky' });
      expect(verdict).not.toHaveProperty('expiresAt');
    }
    expect(judge(finding, 0)).toEqual({ kind: 'ended', problem: finding.problem });
    expect(judge(finding, -1)).toEqual({ kind: 'ended', problem: finding.problem });
  });

  test('case=the last look is at the end, not after it', () => {
    expect(judge(missing, 0.1)).toMatchObject({ nextLookAt: inDays(0.1) });
    expect(judge(missing, 6)).toMatchObject({ nextLookAt: inDays(0.25) });
    expect(judge(silent, 6)).toMatchObject({ nextLookAt: inDays(1 / 24) });
  });

  test('case=seen too late, because no node looked: a full proof again', () => {
    expect(judge({ kind: 'seen' }, -3)).toMatchObject({ kind: 'holds', expiresAt: inDays(7) });
  });

  test('case=an administrator who is told at the first look has more than five days', () => {
    // The look after the last good one comes a day and a tenth later at most.
    const leftSeconds = (proofEnd(AT).getTime() - nextLook(AT, 1).getTime()) / 1000;
    expect(leftSeconds).toBeGreaterThan(5 * DAY);
    expect(PROOF_HOLDS_SECONDS).toBe(7 * DAY);
  });

  test('case=looks drift apart', () => {
    expect(nextLook(AT, 0)).toEqual(inDays(0.9));
    expect(nextLook(AT, 1)).toEqual(inDays(1.1));
  });
});

test('case=a proof is fresh until its end and not a moment longer', () => {
  expect(isFresh(undefined, AT)).toBe(true);
  expect(isFresh(addSeconds(AT, 0.001), AT)).toBe(true);
  expect(isFresh(AT, AT)).toBe(false);
});

test.each(['no_such_name', 'no_text', 'other_text', 'too_much', 'timeout', 'server_failure'] as const)(
  'case=people are told what to do: %s',
  (problem) => {
    expect(describeProblem(problem, '_ss-verification.org_1.acme.example')).toMatch(
      /_ss-verification\.org_1\.acme\.example.*\. .*(ublish|ompare|emove|ook at)/,
    );
  },
);
