/**
 * The next thing in a login, by what the steps found and what the login keeps: the end, a question to the person, the tenant's code, or a
 * commit. The loop that does it, with a store and a runner, is tested beside this (pipeline.test.ts, act.test.ts).
 */
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/domain/actions/action.js';
import { decide, type Turn } from '../../src/login/decide.js';
import { refuse } from '../../src/login/refusals.js';
import type { Admitted, Attempt, Kept, ProofAgain, ProofQuestion, Resolved } from '../../src/login/stages.js';
import type { Ground } from '../../src/login/steps.js';
import { newTrace } from '../../src/login/trace.js';
import {
  admittedOf,
  attemptOf,
  authenticatedOf,
  candidateOf,
  DANA,
  databaseOf,
  identityOf,
  passwordProofOf,
  resolvedOf,
} from '../support/login-facts.js';

interface Facts {
  /** Of the steps: an admission, unless it says otherwise. */
  readonly answer?: Ground<Admitted>['answer'];
  readonly resolved?: Partial<Resolved>;
  readonly admission?: Partial<Admitted['admission']>;
  readonly nobody?: true;
  readonly bound?: readonly string[];
  readonly order?: 'before_actions' | 'after_actions';
  readonly kept?: Partial<Kept>;
  readonly attempt?: Partial<Attempt>;
  readonly hadAgreed?: boolean;
}

const KEPT: Kept = { newUserId: 'auth0|new', newSessionId: 'ses_1', executions: [] };
const EXECUTION = { trigger: 'post-login', end: 'done', results: [] } as const;

function decideOn(facts: Facts) {
  const { tenant } = authenticatedOf();
  const changes: Partial<Resolved> = {
    ...facts.resolved,
    tenant: {
      ...tenant,
      membershipEvaluation: facts.order ?? 'after_actions',
      actions: { revision: 'r1', bound: facts.bound ?? [] },
    },
  };
  const trace = newTrace();
  const ground: Ground<Admitted> = {
    ...(!facts.nobody && { resolved: resolvedOf(changes) }),
    answer: facts.answer ?? admittedOf(changes, facts.admission),
  };
  const turn: Turn = {
    attempt: attemptOf(facts.attempt),
    kept: { ...KEPT, ...facts.kept },
    trace,
    hasOpened: false,
    hadAgreed: facts.hadAgreed ?? false,
  };
  const next = decide(ground, turn);
  return { next, words: wordsFor(next), lines: trace.lines };
}

function wordsFor(next: ReturnType<typeof decide>): string {
  switch (next.kind) {
    case 'refused':
      return `refuse ${next.code}`;
    case 'hear':
      return `hear ${next.hearing.trigger}`;
    case 'commit':
      return `commit ${next.point}`;
    default:
      return next.kind;
  }
}

const STRANGER = refuse('admit.not_a_member', 'no rule admits this account');
const ASK: ProofQuestion = { kind: 'ask', email: DANA, userId: undefined, hasPassword: false, rule: 'x' };
const AGAIN: ProofAgain = { kind: 'again', triesLeft: 3 };
const ADMISSION = ['organization-admission'];
const OUTSIDER = { kind: 'existing', candidate: candidateOf({ membership: 'none' }), bind: undefined } as const;
const BIND = { rule: 'silent', evidence: {}, replacesExpected: undefined };
const NEW = {
  kind: 'new',
  email: DANA,
  vouchedBy: 'idp',
  idPrefix: { text: 'oidc|acme-oidc', known: true },
} as const;
const SIGN_UP: Partial<Resolved> = {
  account: { ...NEW, idPrefix: undefined },
  proof: { kind: 'sign_up', email: DANA, passwordHash: 'h', name: undefined, addressProved: true },
  enablement: databaseOf(),
};
const session = passwordProofOf({ by: 'session', credential: undefined });
const method = (name: string): Effect => ({ kind: 'record_method', method: name });
const agreed = (changes: Partial<NonNullable<Kept['agreement']>> = {}): Partial<Kept> => ({
  agreement: { userId: 'auth0|dana', wasMember: true, effects: [], ...changes },
});
const PAUSED = { programKey: 'post-login:1', index: 1 };

describe('the steps have ended the login', () => {
  test.each([
    ['with a refusal', refuse('admit.user_blocked', 'auth0|dana')],
    ['with a question for a proof', ASK],
    ['with a proof that did not fit', AGAIN],
  ])('%s: that is the answer, whatever Actions are bound', (_name, answer) => {
    expect(decideOn({ answer, bound: ['organization-admission', 'post-login'] }).next).toBe(answer);
    expect(decideOn({ answer, nobody: true }).next).toBe(answer);
  });
});

describe('the user whom id_token_hint speaks of', () => {
  const request = { ...attemptOf().request, hintedUserId: 'auth0|sam' };
  test('is somebody else: refused, though a rule would admit', () => {
    expect(decideOn({ attempt: { request } }).words).toBe('refuse resolve.other_user');
  });

  test('is somebody else: that is said before anything about membership', () => {
    expect(decideOn({ attempt: { request }, answer: STRANGER, bound: ADMISSION }).words).toBe(
      'refuse resolve.other_user',
    );
  });
});

describe('whom no rule admits', () => {
  const stranger: Facts = { answer: STRANGER, resolved: { account: OUTSIDER }, bound: ADMISSION };

  test('the tenant’s code is asked about, where some is bound', () => {
    const { next } = decideOn(stranger);
    expect(next).toMatchObject({
      kind: 'hear',
      hearing: { trigger: 'organization-admission', resolved: { account: OUTSIDER }, refused: STRANGER },
    });
  });

  test.each<readonly [string, Facts, string]>([
    ['no code is bound', { bound: ['post-login'] }, 'refuse admit.not_a_member'],
    ['the refusal is another one', { answer: refuse('admit.user_blocked', 'x') }, 'refuse admit.user_blocked'],
    ['nobody was found whom it could be asked about', { nobody: true }, 'refuse admit.not_a_member'],
    [
      'they were not asked anything in this login: they sign in again first',
      { resolved: { account: OUTSIDER, proof: session } },
      'refuse authenticate.session_not_usable',
    ],
    [
      'they are told first that they are about to be somebody else',
      { attempt: { typed: 'sam@acme.example' } },
      'confirm',
    ],
    [
      'they were told already',
      { attempt: { typed: 'sam@acme.example' }, kept: { told: true } },
      'hear organization-admission',
    ],
  ])('%s', (_name, facts, words) => expect(decideOn({ ...stranger, ...facts }).words).toBe(words));

  test('who has to sign in again is in the trace as asked for by the code', () => {
    const { lines } = decideOn({ ...stranger, resolved: { account: OUTSIDER, proof: session } });
    expect(lines).toEqual([{ stage: 'admit', rule: 'action', answer: 'refuse', evidence: { fresh_proof: false } }]);
  });

  const admission = { userId: 'auth0|dana', roles: ['rol_guest'], revision: 'r1' };
  test('is in whom the same code let in before the ground was read again', () => {
    const { next, lines } = decideOn({ ...stranger, kept: { admission } });
    expect(next).toMatchObject({
      kind: 'hear',
      hearing: {
        trigger: 'post-login',
        admitted: { admission: { rule: 'action', createMembership: 'action', roles: ['rol_guest'] } },
      },
    });
    const evidence = { roles: ['rol_guest'], earlier: true };
    expect(lines).toEqual([{ stage: 'admit', rule: 'action', answer: 'pass', evidence }]);
  });

  test.each([
    ['other code has been deployed since', { ...admission, revision: 'r0' }],
    ['it was about another account', { ...admission, userId: 'auth0|sam' }],
  ])('is asked about again where %s', (_name, earlier) => {
    expect(decideOn({ ...stranger, kept: { admission: earlier } }).words).toBe('hear organization-admission');
  });
});

describe('who is about to be somebody else than they typed', () => {
  const attempt = { typed: 'sam@acme.example' };
  test.each<readonly [string, Facts, string]>([
    ['is told so before any code runs', { bound: ['post-login'] }, 'confirm'],
    ['is not told twice', { kept: { told: true } }, 'hear post-login'],
    ['reads why they are refused instead', { answer: refuse('admit.user_blocked', 'x') }, 'refuse admit.user_blocked'],
    ['reads why no rule admits them, where no code could', { answer: STRANGER }, 'refuse admit.not_a_member'],
    ['proves the old account first', { answer: ASK }, 'ask'],
  ])('%s', (_name, facts, words) => expect(decideOn({ attempt, ...facts }).words).toBe(words));
});

describe('an account that is about to be opened with a password', () => {
  test.each<readonly [string, Facts, string]>([
    ['the code before a registration is asked', { resolved: SIGN_UP }, 'hear pre-user-registration'],
    ['it is asked once', { resolved: SIGN_UP, kept: { registration: [] } }, 'hear post-login'],
    [
      'it was asked before the login paused in an Action',
      {
        resolved: SIGN_UP,
        kept: agreed({ userId: 'auth0|new', wasMember: false, pausedAt: PAUSED }),
      },
      'hear post-login',
    ],
    ['an account of a company is not registered', { resolved: { account: NEW } }, 'hear post-login'],
    ['an account that is there is not registered', { resolved: { proof: passwordProofOf() } }, 'hear post-login'],
  ])('%s', (_name, facts, words) => expect(decideOn(facts).words).toBe(words));

  test('what it gave the account goes on to the code after the sign-in', () => {
    const registration = [method('first')];
    expect(decideOn({ resolved: SIGN_UP, kept: { registration } }).next).toMatchObject({
      hearing: { trigger: 'post-login', effects: registration },
    });
    expect(decideOn({}).next).toMatchObject({ hearing: { trigger: 'post-login', effects: [] } });
  });
});

describe('the code after the sign-in', () => {
  test('goes on where it paused, with what it had asked for', () => {
    const effects = [method('first')];
    expect(decideOn({ kept: agreed({ effects, pausedAt: PAUSED }) }).next).toMatchObject({
      kind: 'hear',
      hearing: { trigger: 'post-login', effects },
    });
  });

  test('has agreed: everything is written, with what it asked for', () => {
    const effects = [method('first')];
    const { next, lines } = decideOn({ kept: { ...agreed({ effects }), executions: [EXECUTION] } });
    expect(next).toMatchObject({
      kind: 'commit',
      point: 'end',
      agreed: { userId: 'auth0|dana', newSessionId: 'ses_1', effects, executions: [EXECUTION] },
    });
    expect(lines).toEqual([]);
  });

  test('had agreed before the ground was read again: the trace says so, where any ran', () => {
    const line = { stage: 'act', rule: 'post-login', answer: 'pass', evidence: { earlier: true } };
    expect(decideOn({ kept: { ...agreed(), executions: [EXECUTION] }, hadAgreed: true }).lines).toEqual([line]);
    expect(decideOn({ kept: agreed(), hadAgreed: true }).lines).toEqual([]);
  });

  test('has agreed about somebody else: nothing is written', () => {
    expect(decideOn({ kept: agreed({ userId: 'auth0|sam' }) }).words).toBe('refuse commit.conflict');
  });
});

describe('another account that an Action named the primary', () => {
  const primary: Effect = { kind: 'primary_user', userId: 'auth0|dana' };
  const metadata: readonly Effect[] = [
    { kind: 'user_metadata', name: 'color', value: 'red' },
    { kind: 'app_metadata', name: 'plan', value: 'pro' },
  ];
  const effects = [...metadata, method('first'), primary];

  test('to which the identity leads by now: it is that one, without the metadata that was made of the other one’s', () => {
    const { next, lines } = decideOn({ kept: agreed({ userId: 'auth0|sam', effects }) });
    expect(next).toMatchObject({ kind: 'commit', point: 'end' });
    expect('agreed' in next && next.agreed).toEqual({
      userId: 'auth0|dana',
      newSessionId: 'ses_1',
      effects: [method('first'), primary],
      executions: [],
    });
    expect(lines).toEqual([
      { stage: 'act', rule: 'primary_user', answer: 'pass', evidence: { user_id: 'auth0|dana' } },
    ]);
  });

  test('to which it does not lead: refused', () => {
    const named: Effect = { kind: 'primary_user', userId: 'auth0|sam' };
    const { words, lines } = decideOn({ kept: agreed({ effects: [named] }) });
    expect(words).toBe('refuse act.primary_user');
    const evidence = { named: 'auth0|sam', leads_to: 'auth0|dana' };
    expect(lines).toEqual([{ stage: 'act', rule: 'primary_user', answer: 'refuse', evidence }]);
  });

  test('that is yet to be opened: refused', () => {
    const userId = 'oidc|acme-oidc|idp-dana';
    const kept = agreed({ userId: 'auth0|sam', effects: [{ kind: 'primary_user', userId }] });
    const identity = { kind: 'identity', identity: identityOf(), ownProof: undefined } as const;
    expect(decideOn({ resolved: { account: NEW, proof: identity }, kept }).words).toBe('refuse act.primary_user');
  });
});

describe('the earlier commit point (membership_evaluation: before_actions)', () => {
  const early: Facts = { order: 'before_actions', bound: ['post-login'] };
  const EARLY = 'commit early';
  const HEAR = 'hear post-login';
  test.each<readonly [string, Facts, string]>([
    ['writes a new account', { resolved: { account: NEW } }, EARLY],
    ['writes a binding', { resolved: { account: { ...OUTSIDER, bind: BIND } } }, EARLY],
    ['writes a membership', { admission: { createMembership: 'auto' } }, EARLY],
    ['writes roles', { admission: { roles: ['rol_editor'] } }, EARLY],
    ['has nothing to write for a member who is known', {}, HEAR],
    ['is not there in the usual order', { order: 'after_actions', resolved: { account: NEW } }, HEAR],
    ['is not needed where no code is bound', { bound: [], resolved: { account: NEW } }, HEAR],
    [
      'is passed once',
      { admission: { roles: ['rol_editor'] }, kept: { written: { userId: 'auth0|dana', membership: undefined } } },
      HEAR,
    ],
    [
      'is behind whoever the code has agreed to',
      { admission: { roles: ['rol_editor'] }, kept: agreed() },
      'commit end',
    ],
    [
      'is there for whoever comes back from where the code had sent them',
      { admission: { roles: ['rol_editor'] }, kept: agreed({ pausedAt: PAUSED }) },
      EARLY,
    ],
  ])('%s', (_name, facts, words) => expect(decideOn({ ...early, ...facts }).words).toBe(words));

  test('writes what the code before a registration gave the account', () => {
    const registration = [method('first')];
    const kept = { registration, executions: [EXECUTION] };
    expect(decideOn({ ...early, resolved: SIGN_UP, kept }).next).toMatchObject({
      kind: 'commit',
      point: 'early',
      agreed: { userId: 'auth0|new', newSessionId: 'ses_1', effects: registration, executions: [EXECUTION] },
    });
  });

  test('writes nothing of what the code after the sign-in asked for before it paused', () => {
    const kept = agreed({ effects: [method('first')], pausedAt: PAUSED });
    const { next } = decideOn({ ...early, admission: { roles: ['rol_editor'] }, kept });
    expect('agreed' in next && next.agreed.effects).toEqual([]);
  });
});
