/**
 * Step 5 in the pipeline: what the tenant's code says decides, what it asked for is in the plan of the commit or nowhere, and it is
 * asked once. The runner here answers by script; the real one has its own tests.
 */
import { describe, expect, test } from 'vitest';
import type { ActionProgram, Effect, TriggerId } from '../../src/domain/actions/action.js';
import { hashSecret, systemEntropy } from '../../src/kernel/ids.js';
import type { LoginOutcome } from '../../src/login/outcome.js';
import { type PipelineDeps, runLogin } from '../../src/login/pipeline.js';
import type { Attempt, Kept } from '../../src/login/stages.js';
import type { ActionGround } from '../../src/ports/action-ground.js';
import type { TriggerEnd, TriggerRun } from '../../src/ports/action-runner.js';
import type { LogEntry, TraceLine } from '../../src/ports/ledger.js';
import type { Candidates, CommitOutcome, CommitPlan, EarlyCommitPlan } from '../../src/ports/login-store.js';
import {
  AT,
  attemptOf,
  authenticatedOf,
  type Changes,
  candidateOf,
  candidatesOf,
  DANA,
  invitationOf,
} from '../support/login-facts.js';

type Answer = { readonly end: TriggerEnd; readonly effects?: readonly Effect[] };

interface Script {
  readonly bound?: readonly TriggerId[];
  readonly order?: 'before_actions' | 'after_actions';
  /** Answers of the runner in turn; asked more often is an error. */
  readonly answers?: readonly Answer[];
  /** Results of reading, in turn; the last one goes on. */
  readonly candidates?: readonly Candidates[];
  readonly commits?: readonly CommitOutcome[];
  readonly changes?: Changes;
  readonly attempt?: Partial<Attempt>;
  readonly ground?: Partial<ActionGround>;
}

const DONE: Answer = { end: { kind: 'done' } };
const DENIED: Answer = { end: { kind: 'denied', reason: 'not on the list', code: undefined, userMessage: undefined } };
const MOVED = { ok: false, conflict: 'identity' } as const;
const NOBODY = candidatesOf({ byEmail: [] });
const BOUND = candidatesOf({ bound: candidateOf({ boundSubject: 'idp-dana' }), byEmail: [] });
const AUTO: Changes = { enablement: { assignMembershipOnLogin: true } };

const unreachable = () => {
  throw new Error('this must not be asked');
};

async function play(script: Script) {
  const { bound = ['post-login'], order = 'after_actions', answers = [DONE], commits = [{ ok: true }] } = script;
  const { candidates = [BOUND], changes = {} } = script;
  const plans: (CommitPlan | EarlyCommitPlan)[] = [];
  const runs: TriggerRun[] = [];
  const log: LogEntry[] = [];
  let reads = 0;
  const at = <T>(items: readonly T[], index: number) => items[Math.min(index, items.length - 1)] as T;
  const { tenant, client, organization, connections } = authenticatedOf(changes);
  const target = {
    tenant: { ...tenant, membershipEvaluation: order, actions: { revision: 'r1', bound } },
    client,
    organization,
    connections,
    invitation: changes.ticket,
    audienceKnown: true,
  };
  const ground: ActionGround = {
    user: undefined,
    membership: { via: 'management' },
    roles: [],
    organization: undefined,
    clientMetadata: {},
    connection: undefined,
    session: undefined,
    ...script.ground,
  };
  const deps = {
    clock: { now: () => AT, monotonicMs: () => 0 },
    entropy: systemEntropy,
    reads: {
      findTarget: async ({ invitationTicket }: { invitationTicket?: string }) =>
        invitationTicket === undefined ? { ...target, invitation: undefined } : target,
      findCandidates: async () => at(candidates, reads++),
      findActionGround: async () => ground,
    },
    store: {
      apply: async (plan: CommitPlan | EarlyCommitPlan) => at(commits, plans.push(plan) - 1),
    },
    ledger: {
      append: async (entry: LogEntry) => {
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
    passwords: { shape: 'password', verify: unreachable, hash: unreachable, needsRehash: unreachable },
    redirectConnector: unreachable,
    newCode: (userId: string) => ({ code: userId, codeHash: hashSecret(userId) }),
    actions: {
      tenantId: 'tenant',
      hostname: 'tenant.example',
      programs: {
        findProgram: async (trigger: TriggerId): Promise<ActionProgram> => ({
          key: `${trigger}:1`,
          trigger,
          actions: [],
        }),
      },
      runner: {
        run: async (run: TriggerRun) => {
          const answer = answers[runs.push(run) - 1];
          if (answer === undefined) throw new Error(`the runner was asked ${runs.length} times`);
          const reports = [
            {
              actionId: 'a',
              versionId: 'v',
              name: 'gate',
              startedAt: 0,
              durationMs: 1,
              console: ['hello'],
              error: undefined,
            },
          ];
          return { end: answer.end, effects: [...run.effects, ...(answer.effects ?? [])], reports };
        },
      },
    },
  } as unknown as PipelineDeps;
  const outcome = await runLogin(attemptOf(script.attempt), deps);
  return { outcome, plans, runs, log };
}

describe('whose share a run counts for', () => {
  // Attack: a member renews in a loop, and their colleagues wait for the organization's share of the processes.
  test('case=a member: that of the person', async () => {
    const { runs } = await play({});
    expect(runs[0]?.party).toEqual({ kind: 'person', name: 'auth0|dana' });
  });

  // Attack: an identity provider makes people up, each with a share of their own.
  test('case=an account that is only now opened: that of the network', async () => {
    const { runs } = await play({ candidates: [NOBODY], changes: AUTO, attempt: { ip: '192.0.2.7' } });
    expect(runs[0]?.party).toEqual({ kind: 'network', name: '192.0.2.7' });
  });
});

describe('after Actions (the default)', () => {
  test('case=agreed: one commit, whose log line says what ran', async () => {
    const { outcome, plans, runs } = await play({});
    expect(outcome.kind).toBe('admitted');
    expect(runs).toHaveLength(1);
    expect(plans).toHaveLength(1);
    expect(plans[0]?.log[0]).toMatchObject({
      type: 's',
      details: { actions: [{ trigger: 'post-login', end: 'done', results: [{ name: 'gate', console: ['hello'] }] }] },
    });
  });

  test('case=denied: Auth0’s text is the reason, nothing is written but the line', async () => {
    const { outcome, plans, log } = await play({ answers: [DENIED], candidates: [NOBODY], changes: AUTO });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'act.denied', description: 'not on the list' } });
    expect(plans).toEqual([]);
    expect(log).toMatchObject([{ type: 'f', details: { code: 'act.denied', actions: [{ end: 'denied' }] } }]);
  });

  test.each(['threw', 'timeout', 'cpu', 'memory', 'output', 'result', 'died'] as const)(
    'case=%s: refused, with message and detail for the administrator, and neither for the application',
    async (failure) => {
      const end = { kind: 'failed', failure, message: 'x is not a function', detail: 'stack' } as const;
      const { outcome, plans, log } = await play({ answers: [{ end }] });
      expect(outcome).toMatchObject({ refusal: { code: 'act.failed', logged: 'x is not a function' } });
      expect(JSON.stringify((outcome as { refusal: { description: string } }).refusal.description)).not.toContain(
        'x is not',
      );
      expect(plans).toEqual([]);
      expect(log[0]?.details.detail).toBe(`post-login: ${failure}: stack`);
    },
  );

  test('case=busy and not available: refused as what they are', async () => {
    const busy = { kind: 'failed', failure: 'busy', message: 'm', detail: 'd' } as const;
    expect((await play({ answers: [{ end: busy }] })).outcome).toMatchObject({ refusal: { code: 'act.busy' } });
    const missing = {
      kind: 'failed',
      failure: 'not_available',
      message: 'no second factor here',
      detail: 'd',
    } as const;
    expect((await play({ answers: [{ end: missing }] })).outcome).toMatchObject({
      refusal: { code: 'act.not_available', description: 'no second factor here' },
    });
  });

  test('case=what was asked for is in the plan: metadata, claims, session', async () => {
    const effects: Effect[] = [
      { kind: 'app_metadata', name: 'plan', value: 'free' },
      { kind: 'app_metadata', name: 'plan', value: 'gold' },
      { kind: 'user_metadata', name: 'color', value: null },
      { kind: 'claim', token: 'id', name: 'https://a.example/x', value: [1] },
      { kind: 'session_expiry', at: AT.getTime() + 1000 },
      { kind: 'scope', change: 'add', scope: 'read:a' },
    ];
    const { plans } = await play({ answers: [{ ...DONE, effects }] });
    expect(plans[0]?.actions).toEqual({
      userMetadata: { set: {}, remove: ['color'] },
      appMetadata: { set: { plan: 'gold' }, remove: [] },
      sessionMetadata: { set: {}, remove: [] },
      sessionExpiresAt: new Date(AT.getTime() + 1000),
      sessionIdleExpiresAt: undefined,
      tokens: {
        idClaims: { 'https://a.example/x': [1] },
        accessClaims: {},
        addScopes: ['read:a'],
        removeScopes: [],
        refreshExpiresAt: undefined,
        refreshIdleExpiresAt: undefined,
        refreshMetadata: {},
      },
    });
  });

  test('case=a newcomer gets his metadata with the row itself', async () => {
    const effects: Effect[] = [{ kind: 'user_metadata', name: 'color', value: 'red' }];
    const { plans } = await play({ answers: [{ ...DONE, effects }], candidates: [NOBODY], changes: AUTO });
    expect(plans[0]?.newUser?.userMetadata).toEqual({ color: 'red' });
  });

  test('case=two first logins at once: the second finds himself known, and the verdict about him holds', async () => {
    const known = { ...candidateOf({ boundSubject: 'idp-dana', account: { userId: 'oidc|acme-oidc|idp-dana' } }) };
    const now = candidatesOf({ bound: known, byEmail: [] });
    const script = { commits: [MOVED, { ok: true }], candidates: [NOBODY, now], changes: AUTO } as const;
    const { outcome, plans, runs } = await play(script);
    expect(outcome.kind).toBe('admitted');
    expect(runs).toHaveLength(1);
    expect(plans).toHaveLength(2);
  });

  test('case=the identity belongs to another account now: the verdict was not about that one', async () => {
    const { outcome, plans, runs } = await play({
      commits: [MOVED, { ok: true }],
      candidates: [NOBODY, BOUND],
      changes: AUTO,
      ground: {},
    });
    expect(runs).toHaveLength(1);
    expect(plans).toHaveLength(1);
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'commit.conflict' } });
  });

  test('case=a member who is none any more when the ground is read again: refused', async () => {
    const gone = candidatesOf({ bound: candidateOf({ boundSubject: 'idp-dana', membership: 'none' }), byEmail: [] });
    const { outcome, runs } = await play({ commits: [MOVED, { ok: true }], candidates: [BOUND, gone], changes: AUTO });
    expect(runs).toHaveLength(1);
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'commit.conflict' } });
  });

  test('case=the same standing when it is read again: the verdict holds', async () => {
    const { outcome, runs, plans } = await play({ commits: [MOVED, { ok: true }] });
    expect(outcome.kind).toBe('admitted');
    expect(runs).toHaveLength(1);
    expect(plans).toHaveLength(2);
  });
});

describe('what an Action is told', () => {
  test('case=a long-standing member and one about to be are told apart', async () => {
    const member = await play({});
    expect(member.runs[0]?.event).toMatchObject({
      organization: { id: 'org_acme', membership: { exists: true, via: 'management' } },
      user: { user_id: 'auth0|dana', email: DANA },
      connection: { name: 'acme-oidc', strategy: 'oidc' },
      stats: { logins_count: 1 },
    });
    const stranger = await play({ candidates: [NOBODY], changes: AUTO });
    expect(stranger.runs[0]?.event).toMatchObject({
      organization: { membership: { exists: false, via: 'auto' } },
      user: { user_id: 'oidc|acme-oidc|idp-dana', identities: [{ connection: 'acme-oidc', provider: 'oidc' }] },
    });
  });
});

test('case=what an invitation gives a new account is shown in its first event', async () => {
  const ticket = invitationOf({ appMetadata: { plan: 'gold' }, userMetadata: { color: 'red' } });
  const request = { ...attemptOf().request, invitation: 'ticket', invitationCarrier: 'mail' } as const;
  const { runs } = await play({ candidates: [NOBODY], changes: { ticket }, attempt: { request } });
  expect(runs[0]?.event).toMatchObject({
    user: { app_metadata: { plan: 'gold' }, user_metadata: { color: 'red' } },
    organization: { membership: { exists: false, via: 'invited' } },
  });
});

describe('redirects', () => {
  const REDIRECT: Answer = {
    end: { kind: 'redirect', url: 'https://terms.example/', index: 0 },
    effects: [{ kind: 'app_metadata', name: 'seen', value: true }],
  };

  test('case=nothing is written; what was asked for travels along', async () => {
    const { outcome, plans, log } = await play({ answers: [REDIRECT] });
    expect(plans).toEqual([]);
    expect(log).toEqual([]);
    expect(outcome).toMatchObject({
      kind: 'redirect',
      url: 'https://terms.example/',
      kept: {
        proof: { kind: 'identity', identity: { subject: 'idp-dana' } },
        agreement: { effects: REDIRECT.effects, pausedAt: { programKey: 'post-login:1', index: 0 } },
      },
    });
  });

  test('case=prompt=none: a frame cannot be redirected', async () => {
    const request = { ...attemptOf().request, prompt: ['none'] } as const;
    const { outcome } = await play({ answers: [REDIRECT], attempt: { request } });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'act.interaction_required' } });
  });

  type Agreement = NonNullable<Kept['agreement']>;
  /** Somebody who is back from where an Action had sent them. */
  const back = (agreement: Partial<Agreement> = {}, kept: Partial<Kept> = {}) => {
    const pausedAt = { programKey: 'post-login:1', index: 1 };
    const effects = REDIRECT.effects ?? [];
    return {
      kept: {
        told: true,
        newUserId: 'auth0|new',
        newSessionId: 'ses_1',
        executions: [],
        agreement: { userId: 'auth0|dana', wasMember: true, effects, pausedAt, ...agreement },
        ...kept,
      },
      came: { method: 'GET', query: { session_token: 't' }, body: {} },
    };
  };

  test('case=back again: the same code goes on where it was, with what it had asked for', async () => {
    const { outcome, runs, plans } = await play({ attempt: back() });
    expect(outcome.kind).toBe('admitted');
    expect(runs[0]).toMatchObject({ from: 1, resume: true, event: { request: { query: { session_token: 't' } } } });
    expect(plans[0]?.actions?.appMetadata.set).toEqual({ seen: true });
  });

  test('case=back again as somebody else: what the Actions agreed to was not about him', async () => {
    const candidates = [candidatesOf({ bound: candidateOf({ account: { userId: 'auth0|other' } }), byEmail: [] })];
    const { outcome, runs, plans } = await play({ attempt: back(), candidates });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'commit.conflict' } });
    expect(runs, 'the code is not asked to go on about another person').toEqual([]);
    expect(plans).toEqual([]);
  });

  test('case=back again, a member no more: refused, in Auth0’s order before anything is written', async () => {
    const gone = candidatesOf({ bound: candidateOf({ boundSubject: 'idp-dana', membership: 'none' }), byEmail: [] });
    for (const order of ['after_actions', 'before_actions'] as const) {
      const { outcome, runs, plans } = await play({ attempt: back(), candidates: [gone], changes: AUTO, order });
      expect(outcome, order).toMatchObject({ kind: 'refused', refusal: { code: 'commit.conflict' } });
      expect([runs, plans], order).toEqual([[], []]);
    }
  });

  test('case=back again as the account that an Action named the primary: that one it has vouched for', async () => {
    const candidates = [
      candidatesOf({
        bound: candidateOf({ boundSubject: 'idp-dana', account: { userId: 'auth0|other' } }),
        byEmail: [],
      }),
    ];
    const effects: Effect[] = [{ kind: 'primary_user', userId: 'auth0|other' }];
    const { outcome, plans } = await play({ attempt: back({ effects }), candidates });
    expect(outcome.kind).toBe('admitted');
    expect(plans[0]?.userId).toBe('auth0|other');
    expect(plans[0]?.actions?.appMetadata.set, 'made of another account').toEqual({});
  });

  test('case=what organization-admission said holds while the code is the same, and is asked again when it is not', async () => {
    const bound = ['organization-admission', 'post-login'] as const;
    const userId = 'oidc|acme-oidc|idp-dana';
    const backAt = (revision: string, answers: readonly Answer[]) => {
      const admission = { userId, roles: ['editor'], revision };
      const attempt = back({ effects: [], userId, wasMember: false }, { admission });
      return play({ bound, answers, candidates: [NOBODY], attempt });
    };
    const same = await backAt('r1', [DONE]);
    expect(same.outcome.kind).toBe('admitted');
    expect(same.runs.map((run) => run.program.trigger)).toEqual(['post-login']);
    const other = await backAt('r0', [DENIED]);
    expect(other.outcome).toMatchObject({ refusal: { code: 'act.denied' } });
    expect(other.runs.map((run) => run.program.trigger)).toEqual(['organization-admission']);
    expect(other.plans).toEqual([]);
  });

  test('case=other code was deployed meanwhile: it cannot go on in the place of the first', async () => {
    const { outcome, runs } = await play({ attempt: back({ pausedAt: { programKey: 'post-login:0', index: 1 } }) });
    expect(runs).toEqual([]);
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'act.failed' } });
  });

  test('case=nothing is bound any more when he comes back: what he was sent for cannot be checked', async () => {
    const { outcome } = await play({ attempt: back({ pausedAt: { programKey: 'other', index: 1 } }), bound: [] });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'act.failed' } });
  });
});

describe('organization-admission', () => {
  const bound = ['organization-admission'] as const;
  const ADMIT: Answer = { ...DONE, effects: [{ kind: 'admit', roles: ['editor'] }] };

  test('case=let in with roles: a membership by the Action, written with everything else', async () => {
    const { outcome, plans, runs } = await play({ bound, answers: [ADMIT], candidates: [NOBODY] });
    expect(outcome).toMatchObject({ kind: 'admitted', admitted: { admission: { rule: 'action' } } });
    expect(plans[0]?.membership).toEqual({ via: 'action', create: true, roles: ['editor'] });
    expect(runs[0]?.event).toMatchObject({
      email: { address: DANA, domain: 'acme.example', domain_proved_by_organization: true },
      identity: { subject: 'idp-dana' },
    });
  });

  test('case=no word: the refusal of step 4 stands', async () => {
    const { outcome, plans } = await play({ bound, candidates: [NOBODY] });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'admit.not_a_member' } });
    expect(plans).toEqual([]);
  });

  test('case=denied: its reason', async () => {
    const { outcome } = await play({ bound, candidates: [NOBODY], answers: [DENIED] });
    expect(outcome).toMatchObject({ refusal: { code: 'act.denied', description: 'not on the list' } });
  });

  test('case=whom a rule admits, it is not asked about', async () => {
    const { outcome, runs } = await play({ bound, answers: [] });
    expect(outcome.kind).toBe('admitted');
    expect(runs).toEqual([]);
  });
});

describe('before Actions (Auth0’s order)', () => {
  const order = 'before_actions' as const;

  test('case=denied: what was written at the earlier commit point stays, and lets nobody in', async () => {
    const { outcome, plans, runs } = await play({
      order,
      answers: [DENIED],
      candidates: [
        NOBODY,
        candidatesOf({
          bound: candidateOf({ boundSubject: 'idp-dana', account: { userId: 'oidc|acme-oidc|idp-dana' } }),
          byEmail: [],
        }),
      ],
      changes: AUTO,
    });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'act.denied' } });
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatchObject({ membership: { via: 'auto', create: true }, newUser: { email: DANA } });
    expect(plans[0]?.code).toBeUndefined();
    expect(plans[0]?.session).toBeUndefined();
    expect(plans[0]?.log).toMatchObject([{ type: 'organization_member_added' }]);
    expect(runs[0]?.event).toMatchObject({ organization: { membership: { exists: false, via: 'auto' } } });
  });

  test('case=agreed: the second commit has session and code and creates nothing again', async () => {
    const { outcome, plans } = await play({ order, candidates: [NOBODY, BOUND], changes: AUTO });
    expect(outcome.kind).toBe('admitted');
    expect(plans).toHaveLength(2);
    expect(plans[1]).toMatchObject({ newUser: undefined, membership: undefined, bind: undefined });
    expect(plans[1]?.log).toMatchObject([{ type: 's' }]);
  });

  test('case=what was asked for before a redirect is not written at the earlier commit point', async () => {
    // Deleted while he was away: he is a newcomer again.
    const userId = 'oidc|acme-oidc|idp-dana';
    const effects = [{ kind: 'app_metadata', name: 'seen', value: true } as const];
    const pausedAt = { programKey: 'post-login:1', index: 0 };
    const attempt = {
      kept: {
        told: true,
        newUserId: userId,
        newSessionId: 'ses_1',
        executions: [],
        agreement: { userId, wasMember: false, effects, pausedAt },
      },
      came: { method: 'GET', query: {}, body: {} },
    };
    const again = candidatesOf({ bound: candidateOf({ boundSubject: 'idp-dana', account: { userId } }), byEmail: [] });
    const { plans } = await play({
      order,
      answers: [DENIED],
      candidates: [NOBODY, again],
      changes: AUTO,
      attempt,
    });
    expect(plans).toHaveLength(1);
    expect(plans[0]?.newUser?.appMetadata).toEqual({});
  });

  test('case=the ground moved between the commit points: another account is not told that it has just been made a member', async () => {
    const { runs } = await play({ order, candidates: [NOBODY, BOUND], changes: AUTO });
    expect(runs[0]?.event).toMatchObject({ organization: { membership: { exists: true } } });
    const same = candidatesOf({
      bound: candidateOf({ boundSubject: 'idp-dana', account: { userId: 'oidc|acme-oidc|idp-dana' } }),
      byEmail: [],
    });
    const usual = await play({ order, candidates: [NOBODY, same], changes: AUTO });
    expect(usual.runs[0]?.event).toMatchObject({ organization: { membership: { exists: false, via: 'auto' } } });
  });

  test('case=taken away again and again between the commit points: written first once, then with the end or not at all', async () => {
    const { outcome, plans } = await play({ order, candidates: [NOBODY], changes: AUTO });
    expect(outcome.kind).toBe('admitted');
    expect(plans.map((plan) => plan.code !== undefined)).toEqual([false, true]);
    expect(plans[1]).toMatchObject({ membership: { via: 'auto', create: true } });
  });

  test('case=a member has nothing to write first: one commit', async () => {
    const { plans } = await play({ order });
    expect(plans).toHaveLength(1);
    expect(plans[0]?.code).toBeDefined();
  });

  test('case=without an Action both orders are one commit', async () => {
    const { plans } = await play({ order, bound: [], answers: [], candidates: [NOBODY], changes: AUTO });
    expect(plans).toHaveLength(1);
    expect(plans[0]?.code).toBeDefined();
  });
});

describe('setPrimaryUser', () => {
  const primary: Answer = {
    ...DONE,
    effects: [
      { kind: 'app_metadata', name: 'plan', value: 'of the other account' },
      { kind: 'primary_user', userId: 'auth0|other' },
    ],
  };
  const other = candidatesOf({
    bound: candidateOf({ boundSubject: 'idp-dana', account: { userId: 'auth0|other' } }),
    byEmail: [],
  });

  test('case=the identity leads there now: the login is that user’s', async () => {
    const { outcome, plans, runs } = await play({ answers: [primary], candidates: [BOUND, other] });
    expect(outcome.kind).toBe('admitted');
    expect(plans[0]?.userId).toBe('auth0|other');
    expect(runs).toHaveLength(1);
  });

  test('case=the identity does not lead there: refused (an Action cannot lend somebody’s account)', async () => {
    const { outcome, plans } = await play({ answers: [primary] });
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'act.primary_user' } });
    expect(plans).toEqual([]);
  });
});

describe('a question to the person after the tenant’s code was asked', () => {
  const SEVERAL = candidatesOf({ byEmail: [candidateOf({ otherOrganizations: 1 })] });
  /** The login goes on with what was kept, and with the proof that was asked for. */
  const prove = (outcome: LoginOutcome): Partial<Attempt> => {
    if (outcome.kind !== 'ask' || outcome.kept.proof?.kind !== 'identity')
      throw new Error(`not asked: ${outcome.kind}`);
    const kept = JSON.parse(JSON.stringify(outcome.kept)) as Kept;
    const ownProof = { by: 'code', email: DANA, userId: 'auth0|dana' } as const;
    return { kept, credential: { ...outcome.kept.proof, ownProof } };
  };

  test('case=a conflict leads to it: the code is asked anew, and may say no', async () => {
    const first = await play({ candidates: [candidatesOf(), SEVERAL], commits: [MOVED] });
    const { outcome, runs } = await play({ candidates: [SEVERAL], answers: [DENIED], attempt: prove(first.outcome) });
    expect(runs.length, 'what agreed before may be other code by now').toBe(1);
    expect(outcome).toMatchObject({ refusal: { code: 'act.denied' } });
  });

  test('case=it leads to another account than the code agreed to: that one is asked about', async () => {
    const first = await play({ changes: AUTO, candidates: [NOBODY, SEVERAL], commits: [MOVED] });
    const { outcome, runs } = await play({ candidates: [SEVERAL], attempt: prove(first.outcome) });
    expect(outcome.kind).toBe('admitted');
    expect(runs[0]?.event).toMatchObject({ user: { user_id: 'auth0|dana' } });
  });

  test('case=on the way back from a redirect: the code begins again, with the request of this login', async () => {
    const agreement = { userId: 'auth0|dana', wasMember: true, effects: [] };
    const kept = { told: true, newUserId: 'auth0|new', newSessionId: 'ses_1', executions: [] };
    const pausedAt = { programKey: 'post-login:1', index: 1 };
    const came = { method: 'GET', query: { session_token: 't' }, body: {} };
    const attempt = { kept: { ...kept, agreement: { ...agreement, pausedAt } }, came };
    const first = await play({ candidates: [SEVERAL], attempt });
    const { runs } = await play({ candidates: [SEVERAL], attempt: prove(first.outcome) });
    expect(runs[0]).toMatchObject({ from: 0, resume: false });
  });

  test('case=a conflict at the earlier commit point: what is heard first is not called earlier', async () => {
    const commits = [MOVED, { ok: true }, { ok: true }] as const;
    const candidates = [candidatesOf(), candidatesOf(), BOUND];
    const { plans } = await play({ order: 'before_actions', candidates, commits });
    const trace = (plans.at(-1)?.log[0]?.details.trace ?? []) as readonly TraceLine[];
    expect(trace.filter(({ rule, evidence }) => rule === 'post-login' && evidence.earlier)).toEqual([]);
    expect(trace.map(({ rule }) => rule)).toContain('protocol_proof');
  });
});
