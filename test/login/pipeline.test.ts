/**
 * The pipeline after the commit's answer: ground that moved is read and decided again, at most twice; a replay is
 * final; every refusal is one line of the log. Rules and store are tested beside this.
 */

import { describe, expect, test } from 'vitest';
import { createFactorChecks } from '../../src/connectors/factors/checks.js';
import { hashSecret, systemEntropy } from '../../src/kernel/ids.js';
import { type PipelineDeps, runLogin } from '../../src/login/pipeline.js';
import type { LogEntry } from '../../src/ports/ledger.js';
import type { Candidates, CommitOutcome, CommitPlan, LoginTarget } from '../../src/ports/login-store.js';
import {
  AT,
  attemptOf,
  authenticatedOf,
  candidateOf,
  candidatesOf,
  NO_ACTIONS,
  ssoOf,
} from '../support/login-facts.js';
import { TICKET_BOX } from '../support/ticket-box.js';

interface Script {
  /** The store's answers in turn; the last one goes on. */
  readonly commits: readonly (CommitOutcome | Error)[];
  /** Results of reading, in turn; the last one goes on. */
  readonly candidates?: readonly Candidates[];
  readonly targets?: readonly Partial<LoginTarget>[];
}

const MOVED = { ok: false, conflict: 'membership' } as const;
const unreachable = () => {
  throw new Error('this must not be asked');
};

async function play({ commits, candidates = [candidatesOf()], targets = [{}] }: Script, attempt = attemptOf()) {
  const plans: CommitPlan[] = [];
  const log: LogEntry[] = [];
  const counts = { targets: 0, candidates: 0 };
  const at = <T>(items: readonly T[], index: number) => items[Math.min(index, items.length - 1)] as T;
  const { tenant, client, organization, connections } = authenticatedOf();
  const target = { tenant, client, organization, connections, invitation: undefined, audienceKnown: true };
  const reads = {
    findTarget: async () => ({ ...target, ...at(targets, counts.targets++) }),
    findCandidates: async () => at(candidates, counts.candidates++),
  };
  const deps: PipelineDeps = {
    clock: { now: () => AT, monotonicMs: () => 0 },
    entropy: systemEntropy,
    reads: reads as unknown as PipelineDeps['reads'],
    store: {
      apply: async (plan) => {
        if (plan.code === undefined) throw new Error('no Action is bound: one commit point');
        const answer = at(commits, plans.push(plan) - 1);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    ledger: {
      append: async (entry) => {
        log.push(entry);
      },
    },
    attempts: {
      count: unreachable,
      change: unreachable,
      findFirstFull: unreachable,
      read: unreachable,
      findFull: unreachable,
      forget: unreachable,
      remember: unreachable,
      isRemembered: unreachable,
    },
    origin: 'https://login.example',
    ticketBox: TICKET_BOX,
    factorChecks: createFactorChecks({
      party: { id: 'login.example', origin: 'https://login.example' },
      entropy: systemEntropy,
    }),
    passwords: { shape: 'password', verify: unreachable, hash: unreachable, needsRehash: unreachable },
    redirectConnector: unreachable,
    actions: NO_ACTIONS,
    newCode: (userId) => ({ code: userId, codeHash: hashSecret(userId) }),
  };
  const outcome = await runLogin(attempt, deps);
  return { outcome, plans, log, counts };
}

describe('the commit’s answer', () => {
  test('case=committed at once', async () => {
    const { outcome, plans, log, counts } = await play({ commits: [{ ok: true }] });
    expect(outcome.kind).toBe('admitted');
    expect(counts).toEqual({ targets: 1, candidates: 1 });
    expect(plans).toHaveLength(1);
    expect(log, 'the line of a login rides in its commit').toEqual([]);
  });

  test('case=moved once: everything is read again, the same transaction, a new code and session', async () => {
    const { outcome, plans, counts } = await play({ commits: [MOVED, { ok: true }] });
    expect(outcome.kind).toBe('admitted');
    expect(counts).toEqual({ targets: 2, candidates: 2 });
    const [first, second] = plans;
    expect(second?.transactionId).toBe(first?.transactionId);
    expect(second?.session.sessionHash).not.toEqual(first?.session.sessionHash);
    expect(outcome.trace.lines[0]).toEqual({
      stage: 'commit',
      rule: 'conflict',
      answer: 'pass',
      evidence: { moved: 'membership', run: 1 },
    });
  });

  test('case=moves and moves: three times, then refused with one line of the log', async () => {
    const { outcome, plans, log } = await play({ commits: [MOVED] });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'commit.conflict', detail: 'membership' } });
    expect(plans).toHaveLength(3);
    expect(log).toMatchObject([{ type: 'f', details: { code: 'commit.conflict', transaction: 'tx-1' } }]);
  });

  test('case=replay: final, nothing is decided again', async () => {
    const { outcome, plans, log } = await play({ commits: [{ ok: false, conflict: 'receipt' }] });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'commit.replayed' } });
    expect(plans).toHaveLength(1);
    expect(log).toHaveLength(1);
  });

  test('case=a fault of the database is thrown, not turned into an answer', async () => {
    await expect(play({ commits: [new Error('the database is gone')] })).rejects.toThrow('the database is gone');
  });
});

describe('what was read the second time decides', () => {
  test('case=the member was removed: the refusal names that, not the conflict', async () => {
    const candidates = [candidatesOf(), candidatesOf({ byEmail: [candidateOf({ membership: 'none' })] })];
    const { outcome, plans, log } = await play({ commits: [MOVED], candidates });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'admit.not_a_member' } });
    expect(plans).toHaveLength(1);
    expect(log).toHaveLength(1);
  });

  test('case=he became a member elsewhere: now he is asked', async () => {
    const candidates = [candidatesOf(), candidatesOf({ byEmail: [candidateOf({ otherOrganizations: 1 })] })];
    const { outcome, log } = await play({ commits: [MOVED], candidates });
    expect(outcome).toMatchObject({ kind: 'ask', question: { rule: 'member_of_several_organizations' } });
    expect(log).toEqual([]);
  });

  test.each<readonly [string, Partial<LoginTarget>, string]>([
    ['the connection changed', { connections: [ssoOf({}, { revision: 'c2' })] }, 'identify.connection_changed'],
    ['its enablement changed', { connections: [ssoOf({ revision: 'e2' })] }, 'identify.connection_changed'],
    [
      'the connection was switched off',
      { connections: [ssoOf({}, { id: 'other' })] },
      'identify.connection_not_enabled',
    ],
    ['none is left', { connections: [] }, 'identify.no_connections'],
  ])('case=%s', async (_name, target, code) => {
    const { outcome, plans, log } = await play({ commits: [MOVED], targets: [{}, target] });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code } });
    expect(plans).toHaveLength(1);
    expect(log).toMatchObject([{ details: { code } }]);
  });
});
