/** Questions of an Action's command to a person, by the factors that they have and passed; and what events say of factors. */
import { describe, expect, test } from 'vitest';
import type { Effect, FactorCommand } from '../../src/domain/actions/action.js';
import type { Factor, FactorKind, SupportedFactor } from '../../src/domain/factors/factor.js';
import { checkCommanded, commandNeed, obey, wishNeed, withoutCommand } from '../../src/login/action-factors.js';
import type { KeptFactor } from '../../src/login/factor-stages.js';
import { userIdOf } from '../../src/login/kept.js';
import { satisfiedBy } from '../../src/login/second-factor.js';
import type { Kept } from '../../src/login/stages.js';
import { enrolledOf, passedMethods, sessionMethods } from '../../src/login/tenant-code/event-factors.js';
import type { ActionGround } from '../../src/ports/action-ground.js';
import { AT, admittedOf, attemptOf, candidateOf } from '../support/login-facts.js';

const ALL: readonly SupportedFactor[] = ['otp', 'webauthn-roaming', 'webauthn-platform', 'recovery-code'];
const own = (...kinds: FactorKind[]): readonly Factor[] => kinds.map((kind) => ({ id: `${kind}|1`, kind }));
const passed = (...kinds: FactorKind[]): readonly KeptFactor[] =>
  kinds.map((kind) => ({ userId: 'u', revision: 1, kind, id: `${kind}|1`, at: 0 }));
const ask = (does: FactorCommand['does'], ...types: string[]): FactorCommand => ({
  kind: 'factor_command',
  does,
  types,
});

interface Case {
  readonly has?: readonly Factor[];
  readonly did?: readonly KeptFactor[];
  readonly accepts?: readonly SupportedFactor[];
}
const told = (command: FactorCommand, { has = [], did = [], accepts = ALL }: Case = {}) => {
  const answer = obey(command, { own: has, passed: did, accepts });
  if ('kind' in answer) return answer.description.slice(0, 40);
  if (answer.ask === 'nothing') return 'nothing';
  const kinds = answer.ask === 'challenge' ? answer.usable.map(({ kind }) => kind) : answer.kinds;
  return [answer.ask, ...kinds, ...answer.ignored.map((type) => `not ${type}`)].join(' ');
};
const MISSING = 'An MFA challenge is used in a PostLogin ';
const NO_ENROLMENT = 'An MFA enrollment is used in a PostLogin';

describe('a challenge', () => {
  test.each([
    [
      'of what the person has, in the order of the command',
      ['webauthn-platform', 'otp'],
      { has: own('otp', 'passkey') },
      'challenge passkey otp',
    ],
    [
      'of factors that are partly missing',
      ['phone', 'otp', 'webauthn-roaming'],
      { has: own('otp') },
      'challenge otp not phone not webauthn-roaming',
    ],
    ['of one that the tenant does not accept', ['otp'], { has: own('otp'), accepts: ['webauthn-roaming'] }, MISSING],
    ['of one that the person does not have', ['otp'], { has: own('passkey') }, MISSING],
    ['of one that they passed', ['otp'], { has: own('otp'), did: passed('otp') }, 'nothing'],
    [
      'of one that they passed, and another',
      ['otp', 'recovery-code'],
      { has: own('otp', 'recovery-code'), did: passed('otp') },
      'challenge recovery-code',
    ],
    ['of one that they have just set up', ['otp'], { did: passed('otp') }, 'nothing'],
  ] as [string, string[], Case, string][])('%s', (_what, types, ground, answer) => {
    expect(told(ask('challenge', ...types), ground)).toBe(answer);
  });
});

describe('a new factor', () => {
  test.each([
    ['of somebody without any', ['otp', 'webauthn-platform'], {}, 'enrol otp passkey'],
    ['beside others that are not here', ['push', 'otp'], {}, 'enrol otp not push'],
    ['that is there already', ['otp'], { has: own('otp') }, 'nothing'],
    ['that the tenant does not accept', ['otp'], { accepts: ['webauthn-roaming'] }, NO_ENROLMENT],
    ['of a kind that cannot be set up by itself', ['recovery-code'], {}, NO_ENROLMENT],
    ['beside one that was not passed in this login', ['webauthn-roaming'], { has: own('otp') }, NO_ENROLMENT],
    [
      'beside one that was passed',
      ['webauthn-roaming'],
      { has: own('otp'), did: passed('otp') },
      'enrol webauthn-roaming',
    ],
    ['beside one that was just set up', ['webauthn-roaming', 'otp'], { did: passed('otp') }, 'enrol webauthn-roaming'],
  ] as [string, string[], Case, string][])('%s', (_what, types, ground, answer) => {
    expect(told(ask('enrol', ...types), ground)).toBe(answer);
  });
});

const admitted = admittedOf({
  account: { kind: 'existing', candidate: candidateOf({ factorsRevision: 3 }), bind: undefined },
});
const base: Kept = { newUserId: 'auth0|new', newSessionId: 'ses_1', executions: [] };
const userId = userIdOf(admitted, base);
const mine: KeptFactor = { userId, revision: 3, kind: 'otp', id: 'totp|1', at: 0 };
const asked = (effects: readonly Effect[], commands?: readonly FactorCommand[]): Kept['agreement'] => ({
  userId,
  wasMember: true,
  effects,
  ...(commands && { pausedAt: { programKey: 'k', index: 0, commands } }),
});

test('commands are fulfilled one after the other, and a new recovery code is seen before the next Action', () => {
  const [first, second] = [ask('challenge', 'otp'), ask('enrol', 'otp')];
  const agreement = asked([first, second], [first, second]);
  const kept: Kept = { ...base, ...(agreement && { agreement }) };
  expect(commandNeed(admitted, kept)).toMatchObject({ reason: 'action', command: first, isFresh: true });
  const next = withoutCommand(kept);
  expect(commandNeed(admitted, next)?.command).toEqual(second);
  const last = withoutCommand(next);
  expect(commandNeed(admitted, last)).toBeUndefined();
  const unseen = { ...last, factor: { ...mine, recoveryCode: 'A' } };
  expect(commandNeed(admitted, unseen)).toMatchObject({ reason: 'action' });
  expect(commandNeed(admitted, { ...unseen, factor: { ...unseen.factor, isCodeSeen: true } })).toBeUndefined();
  expect(commandNeed(admitted, base)).toBeUndefined();
});

test.each([
  ['of another account', { ...mine, userId: 'auth0|other' }],
  ['passed before the account’s factors changed', { ...mine, revision: 2 }],
])('a factor %s does not carry a login on that an Action asked one of', (_what, factor) => {
  const command = ask('challenge', 'otp');
  const agreement = asked([command], []);
  const kept: Kept = { ...base, ...(agreement && { agreement }) };
  expect(checkCommanded(admitted, { ...kept, factor: mine })).toBeUndefined();
  expect(checkCommanded(admitted, { ...kept, factor })?.code).toBe('commit.conflict');
  expect(checkCommanded(admitted, { ...kept, factor: mine, earlierFactors: [factor] })?.code).toBe('commit.conflict');
});

describe('multifactor.enable', () => {
  const wish = (provider: 'any' | 'none', remembers: boolean): Effect => ({ kind: 'multifactor', provider, remembers });
  const tenant = { ...admitted.tenant, factors: { ...admitted.tenant.factors, accepts: ALL } };
  const here = { ...admitted, tenant };

  test('the last one counts', () => {
    expect(wishNeed(here, [])).toBeUndefined();
    expect(wishNeed(here, [wish('any', false), wish('none', false)])).toBeUndefined();
    expect(wishNeed(here, [wish('none', false), wish('any', true)])).toMatchObject({ isFresh: false, accepts: ALL });
  });

  test('a remembered browser suffices only where it may; a factor of this login always', () => {
    const remembered = [{ userId, revision: 3, kind: 'otp', at: AT.getTime() }] as const;
    const attempt = { ...attemptOf(), remembered };
    const by = (remembers: boolean, kept: Kept = base) => {
      const need = wishNeed(here, [wish('any', remembers)]);
      return need && satisfiedBy(need, here, { attempt, kept });
    };
    expect(by(true)).toBe('remembered_browser');
    expect(by(false)).toBeUndefined();
    expect(by(false, { ...base, earlierFactors: [mine], factor: { ...mine, kind: 'email' } })).toBe('this_login');
  });
});

describe('events', () => {
  test('each kind once, in Auth0’s words', () => {
    expect(enrolledOf(['otp', 'passkey', 'webauthn-platform', 'recovery-code'])).toEqual({
      enrolledFactors: [{ type: 'otp' }, { type: 'webauthn-platform' }, { type: 'recovery-code' }],
      multifactor: ['guardian'],
    });
    expect(enrolledOf([])).toEqual({ enrolledFactors: [], multifactor: [] });
  });

  test('a factor that a company’s identity provider tells of is no method', () => {
    const timestamp = AT.toISOString();
    const methods = [
      { name: 'https://second.example', timestamp, type: 'otp' },
      { name: 'mfa', type: 'federated', timestamp },
      { name: 'mfa', timestamp },
      { name: 'mfa', type: 'passkey', timestamp },
    ];
    expect(sessionMethods({ session: { methods } } as unknown as ActionGround)).toEqual([
      { name: 'https://second.example', timestamp },
      { name: 'mfa', type: 'webauthn-platform', timestamp },
    ]);
    const { kind: _none, ...nobody } = mine;
    expect(passedMethods([nobody, mine])).toEqual([{ name: 'mfa', timestamp: new Date(0), type: 'otp' }]);
  });
});
