/**
 * Memberships that were moved, by the rules alone: the old subject has no way in, the new one is not replaced by another with its address, and the
 * remedy that the operator reads is a command that does what it says in a shell.
 */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { resolveIdentity } from '../../src/login/linking-rules.js';
import { findRemedy } from '../../src/login/moved-seats.js';
import { newTrace } from '../../src/login/trace.js';
import {
  AT,
  authenticatedOf,
  type Changes,
  candidateOf,
  candidatesOf,
  identityOf,
  invitationOf,
  linesOf,
  ownProofOf,
} from '../support/login-facts.js';

function resolveOn(changes: Changes) {
  const trace = newTrace();
  return { answer: resolveIdentity(authenticatedOf(changes), candidatesOf(changes.candidates), AT, trace), trace };
}

const expectedBy = (by: 'subject' | 'email') => ({ candidate: candidateOf(), identityId: 'waiting', by }) as const;

describe('the old subject', () => {
  const refused = { kind: 'refused', code: 'resolve.seat_moved' };

  test('case=is no newcomer', () => {
    const { answer, trace } = resolveOn({ candidates: { byEmail: [], movedFrom: 'auth0|dana' } });
    expect(answer).toMatchObject(refused);
    expect(linesOf(trace)).toContain('resolve seat_moved refuse');
  });

  test('case=does not take the seat by the address that it shares with the new one', () => {
    expect(resolveOn({ candidates: { movedFrom: 'auth0|dana', expected: expectedBy('email') } }).answer).toMatchObject(
      refused,
    );
    expect(resolveOn({ candidates: { movedFrom: 'auth0|dana' } }).answer, 'by the linking rule').toMatchObject(refused);
  });

  test('case=comes back where the operator expects it by name', () => {
    const { answer } = resolveOn({ candidates: { movedFrom: 'auth0|dana', expected: expectedBy('subject') } });
    expect(answer).toMatchObject({ account: { kind: 'existing', bind: { rule: 'pre_provisioned' } } });
  });
});

test('case=a seat that waits for a subject is not had by its address', () => {
  const { answer, trace } = resolveOn({ candidates: { byEmail: [candidateOf({ awaitedSubject: 'anew' })] } });
  expect(answer).toMatchObject({ account: { kind: 'new' } });
  expect(trace.lines).toContainEqual({
    stage: 'resolve',
    rule: 'one_candidate',
    answer: 'refuse',
    evidence: { user_id: 'auth0|dana', awaits_another_subject: true },
  });
});

test('case=a seat that waits for a subject of the former issuer is for the operator to assign, as a bound one is', () => {
  const waiting = candidateOf({ awaitedSubject: 'anew', awaitedOfIssuer: 'https://former.example' });
  const { answer, trace } = resolveOn({ candidates: { byEmail: [waiting] } });
  expect(answer).toMatchObject({ kind: 'refused', code: 'resolve.issuer_changed' });
  expect(trace.subject.remedy).toBeUndefined();
});

test('case=the account of an invited person that waits for a subject is not had by its password', () => {
  const resolveInvited = (awaitedSubject: string | undefined) =>
    resolveOn({
      ownProof: ownProofOf(),
      candidates: { byEmail: [candidateOf({ membership: 'none', awaitedSubject })], invitations: [invitationOf()] },
    }).answer;
  expect(resolveInvited(undefined)).toMatchObject({ account: { kind: 'existing', bind: { rule: 'own_proof' } } });
  expect(resolveInvited('anew')).not.toMatchObject({ account: { kind: 'existing' } });
});

describe('the remedy', () => {
  const remedyOf = (changes: Parameters<typeof candidateOf>[0], subject = 'anew') =>
    findRemedy(authenticatedOf({}), identityOf({ subject }), candidateOf(changes));

  test('case=is for a seat that is bound to another subject of the same issuer', () => {
    expect(remedyOf({ boundSubject: 'old' })).toMatchObject({ user_id: 'auth0|dana', former_subject: 'old' });
    expect(remedyOf({}), 'bound to nobody').toBeUndefined();
    expect(remedyOf({ awaitedSubject: 'old' })).toMatchObject({ kind: 'expect_subject', former_subject: 'old' });
    expect(remedyOf({ boundSubject: 'old', boundIssuer: 'https://former.example' })).toBeUndefined();
  });

  test.each([
    "x'; touch /tmp/taken; '",
    '$(touch /tmp/taken)',
    '`touch /tmp/taken`',
    "'''",
    'with space "and" \\ more',
    '-rf',
  ])('case=is one command whatever the subject is: %s', (subject) => {
    const { command = '' } = remedyOf({ boundSubject: 'old' }, subject) ?? {};
    const script = `set -- ${command}; printf '%s\\n' "$@"`;
    const words = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n');
    expect(words.slice(0, 3)).toEqual(['vestibule', 'rollout', 'move-seat']);
    expect(words.slice(-2)).toEqual(['--subject', subject]);
    expect(words).toHaveLength(10);
  });
});
