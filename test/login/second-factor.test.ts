/** The rules of second factors, case by case: who is asked, which earlier proof suffices, and how a login gets its factor. */
import { describe, expect, test } from 'vitest';
import { type Factor, toTenantFactors } from '../../src/domain/factors/factor.js';
import { findFactorWay } from '../../src/login/challenge.js';
import { passedAtCompany } from '../../src/login/company-factor.js';
import type { FactorNeed, KeptFactor } from '../../src/login/factor-stages.js';
import { bindingNeed, factorNeed, factorsOfAccount, satisfiedBy } from '../../src/login/second-factor.js';
import type { Admitted, Attempt, Kept } from '../../src/login/stages.js';
import {
  ACME,
  AT,
  admittedOf,
  attemptOf,
  candidateOf,
  databaseOf,
  identityOf,
  ownProofOf,
  passwordProofOf,
  ssoOf,
} from '../support/login-facts.js';

const MFA = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';
const BIND = { rule: 'silent', evidence: {}, replacesExpected: undefined } as const;
const KEPT: Kept = { newUserId: 'auth0|new', newSessionId: 'ses_1', executions: [] };

interface World {
  readonly accepts?: Admitted['tenant']['factors']['accepts'];
  readonly everybody?: boolean;
  readonly organization?: Admitted['organization'];
  readonly revision?: number;
  readonly bind?: boolean;
  readonly changes?: Partial<Admitted>;
}

function admitted({ accepts = ['otp'], everybody = false, revision = 1, bind = false, ...rest }: World = {}): Admitted {
  const base = admittedOf({
    account: {
      kind: 'existing',
      candidate: candidateOf({ factorsRevision: revision }),
      bind: bind ? BIND : undefined,
    },
  });
  const factors = { accepts, isRequired: everybody, keyVerification: 'discouraged' } as const;
  return {
    ...base,
    tenant: { ...base.tenant, factors },
    organization: rest.organization ?? ACME,
    ...rest.changes,
  };
}
const acme = (rule: 'required' | 'required_unless_idp', accepts: readonly string[] = []) => ({
  ...ACME,
  secondFactor: { rule, accepts },
});
const stepUp = (): Attempt => attemptOf({ request: { ...attemptOf().request, extra: { acr_values: `a ${MFA}` } } });
const said = (amr: unknown) => ({ proof: admitted().proof, ...claims(amr) });
const claims = (amr: unknown): Partial<Admitted> => ({
  proof: { kind: 'identity', identity: identityOf({ claims: { amr } }), ownProof: undefined },
});

describe('who is asked', () => {
  test('a policy asks nobody while no factor counts alone: nobody could set one up', () => {
    const isRequired = (factors: object) => toTenantFactors({ policies: ['all-applications'], factors }).isRequired;
    expect(isRequired({})).toBe(false);
    expect(isRequired({ 'recovery-code': true, 'webauthn-platform': true })).toBe(false);
    expect(isRequired({ otp: true })).toBe(true);
  });

  const reasonOf = (world: World, attempt = attemptOf()) => factorNeed(admitted(world), attempt)?.reason;

  test.each<[string, string | undefined, World, Attempt]>([
    ['nobody', undefined, {}, attemptOf()],
    ['the tenant asks everybody', 'tenant', { everybody: true }, attemptOf()],
    ['the organization asks', 'organization', { organization: acme('required'), everybody: true }, attemptOf()],
    ['the application asks first of all', 'application', { organization: acme('required') }, stepUp()],
    ['no factor could be asked for by the application', undefined, { accepts: ['recovery-code'] }, stepUp()],
    ['but the organization fails closed', 'organization', { accepts: [], organization: acme('required') }, stepUp()],
  ])('case=%s', (_name, reason, world, attempt) => {
    expect(reasonOf(world, attempt)).toBe(reason);
  });

  test('case=the company’s own second step', () => {
    const organization = acme('required_unless_idp');
    expect(reasonOf({ organization })).toBe('organization');
    expect(reasonOf({ organization, changes: claims(['mfa']) })).toBeUndefined();
    expect(reasonOf({ organization, everybody: true, changes: claims(['mfa']) })).toBe('tenant');
    expect(reasonOf({ organization: acme('required'), changes: claims(['mfa']) })).toBe('organization');
  });

  test('case=what the browser kept, or what was cut, proves no second step', () => {
    const company = { enablement: ssoOf(), organization: undefined, assertedBy: undefined };
    expect(passedAtCompany({ ...company, ...said(['mfa']) })).toBe(true);
    const identity = identityOf({ claims: { amr: ['mfa'] } });
    // A person who also typed a code came by the same signed answer.
    expect(passedAtCompany({ ...company, proof: { kind: 'identity', identity, ownProof: ownProofOf() } })).toBe(true);
    const cut = { ...identity, claimsCut: ['amr'] };
    expect(passedAtCompany({ ...company, proof: { kind: 'identity', identity: cut, ownProof: undefined } })).toBe(
      false,
    );
    expect(passedAtCompany({ ...company, proof: passwordProofOf() })).toBe(false);
  });

  test('case=a binding to an account that has, or had, factors', () => {
    expect(bindingNeed(admitted({ bind: true, revision: 0 }))).toBeUndefined();
    expect(bindingNeed(admitted())).toBeUndefined();
    expect(bindingNeed(admitted({ bind: true, accepts: [] }))).toMatchObject({
      reason: 'binding',
      accepts: expect.arrayContaining(['otp', 'webauthn-roaming', 'recovery-code']),
    });
  });
});

describe('a code by mail', () => {
  const accepts = ['otp', 'email'] as const;
  const manages = { request: { ...attemptOf().request, managesFactors: true } } as const;
  const acceptedAt = (world: World, attempt = attemptOf()) => factorNeed(admitted(world), attempt)?.accepts;

  test('case=for an ordinary login, and neither for a change of factors nor a binding', () => {
    const world = { accepts, everybody: true };
    expect(acceptedAt(world)).toEqual(accepts);
    expect(acceptedAt(world, attemptOf(manages))).toEqual(['otp']);
    // The tenant accepts nothing any more that counts alone; the owner's factors still count, and the mailbox does not.
    const nothing = acceptedAt({ accepts: ['email'] }, attemptOf(manages));
    expect([nothing?.includes('otp'), nothing?.includes('email')]).toEqual([true, false]);
    expect(bindingNeed(admitted({ bind: true, accepts }))?.accepts).not.toContain('email');
  });

  test('case=for no operator', () => {
    const organization = { ...acme('required'), isOfOperators: true } as const;
    expect(acceptedAt({ accepts, organization })).not.toContain('email');
    const named = { ...acme('required', ['otp', 'email']), isOfOperators: true } as const;
    expect(acceptedAt({ accepts, organization: named })).not.toContain('email');
  });
});

describe('an earlier proof', () => {
  const need = (changes: Partial<FactorNeed> = {}): FactorNeed => ({
    reason: 'organization',
    accepts: ['otp'],
    isFresh: false,
    ...changes,
  });
  const factor: KeptFactor = { userId: 'auth0|dana', revision: 1, kind: 'otp', id: 'f', at: AT.getTime() };
  const by = (kept: Partial<KeptFactor>, need_ = need(), attempt = attemptOf()) =>
    satisfiedBy(need_, admitted(), { attempt, kept: { ...KEPT, factor: { ...factor, ...kept } } });

  test('case=the factor of this login, of this account, as it is now, and of an accepted kind', () => {
    expect(by({})).toBe('this_login');
    expect(by({ userId: 'auth0|other' })).toBeUndefined();
    expect(by({ revision: 0 })).toBeUndefined();
    expect(by({ kind: 'webauthn-roaming' })).toBeUndefined();
    expect(factorsOfAccount(admitted(), { ...KEPT, factor: { ...factor, revision: 0 } })).toEqual([]);
    expect(factorsOfAccount(admitted(), { ...KEPT, factor })).toEqual([factor]);
  });

  test('case=a binding that found no factor of the owner satisfies nothing else', () => {
    const { kind: _none, id: _no, ...nothing } = factor;
    const kept = { ...KEPT, factor: nothing };
    expect(
      satisfiedBy(need({ reason: 'binding', onlyEnrolled: true }), admitted(), { attempt: attemptOf(), kept }),
    ).toBe('this_login');
    expect(satisfiedBy(need(), admitted(), { attempt: attemptOf(), kept })).toBeUndefined();
  });

  test('case=the session’s, but not for a binding, and not the company’s', () => {
    const bySession = (kind: 'otp' | 'federated', need_ = need(), revision = 1, at = AT) => {
      const session = { userId: 'auth0|dana', sessionId: 's', connectionId: 'con_db', authenticatedAt: AT };
      const credential = {
        kind: 'session',
        session: { ...session, factor: { kind, at, revision } },
        sessionHash: Buffer.alloc(1),
      };
      const request = { ...attemptOf().request, ...(at !== AT && { changesFactors: true }) };
      const attempt = { ...attemptOf(), request, credential } as unknown as Attempt;
      return satisfiedBy(need_, admitted(), { attempt, kept: KEPT });
    };
    expect(bySession('otp')).toBe('session');
    expect(bySession('otp', need({ reason: 'application', isFresh: true }))).toBe('session');
    // Attack: a session that passed a factor which was reset since.
    expect(bySession('otp', need(), 0)).toBeUndefined();
    expect(bySession('otp', need({ reason: 'binding' }))).toBeUndefined();
    expect(bySession('otp', need({ accepts: ['webauthn-roaming'] }))).toBeUndefined();
    expect(bySession('federated')).toBeUndefined();
    // Attack: an application changes factors in a session whose factor was passed long ago.
    const ago = (ms: number) => bySession('otp', need(), 1, new Date(AT.getTime() - ms));
    expect([ago(15 * 60_000), ago(15 * 60_000 + 1)]).toEqual(['session', undefined]);
  });

  test('case=a remembered browser: of this account and version, for 30 days, where it is allowed', () => {
    const item = { userId: 'auth0|dana', revision: 1, kind: 'otp', at: AT.getTime() - 29 * 86_400_000 } as const;
    const remembered = (changes: Partial<typeof item> | object, need_ = need()) =>
      satisfiedBy(need_, admitted(), {
        attempt: attemptOf({ remembered: [{ ...item, ...changes }] }),
        kept: KEPT,
      });
    expect(remembered({})).toBe('remembered_browser');
    expect(remembered({ at: AT.getTime() - 30 * 86_400_000 })).toBeUndefined();
    expect(remembered({ userId: 'auth0|other' })).toBeUndefined();
    expect(remembered({ revision: 0 })).toBeUndefined();
    expect(remembered({ kind: 'webauthn-roaming' })).toBeUndefined();
    expect(remembered({}, need({ isFresh: true }))).toBeUndefined();
  });

  // Attack: a code by mail in one organization passes in another one, which accepts it only beside a security key.
  test('case=an earlier code by mail, but not where the organization names its factors', () => {
    const item = { userId: 'auth0|dana', revision: 1, kind: 'email', at: AT.getTime() } as const;
    const attempt = attemptOf({ remembered: [item] });
    const accepts = ['webauthn-roaming', 'email'] as const;
    const at = (organization: Admitted['organization']) =>
      satisfiedBy(need({ accepts }), admitted({ organization }), { attempt, kept: KEPT });
    expect(at(acme('required'))).toBe('remembered_browser');
    expect(at(acme('required', accepts))).toBeUndefined();
  });
});

describe('how a login gets its factor', () => {
  const otp: Factor = { id: 'o', kind: 'otp', vouchedBy: 'mail' };
  const way = (
    factors: readonly Factor[],
    need: Partial<FactorNeed> = {},
    world: World = {},
    others = false,
    mail: readonly Factor[] = [],
    isPasswordFromMail = false,
  ) =>
    findFactorWay(
      { admitted: admitted(world), need: { reason: 'organization', accepts: ['otp'], isFresh: false, ...need } },
      attemptOf(),
      { revision: 1, factors, hasOtherWaysIn: others, mail, isPasswordFromMail },
    );
  const byPassword: World = { changes: { proof: passwordProofOf(), enablement: databaseOf() } };

  test('case=one that the account has', () => {
    expect(way([otp])).toEqual({ ask: 'challenge', usable: [otp] });
  });

  test('case=a code by mail only beside a factor that counts alone, and not after a mailed password', () => {
    const mail: Factor = { id: 'm', kind: 'email', address: 'dana@acme.example', vouchedBy: 'mail' };
    const both = { accepts: ['otp', 'email', 'recovery-code', 'webauthn-platform'] } as const;
    const passkey: Factor = { id: 'p', kind: 'passkey', vouchedBy: 'mail' };
    expect(way([otp], both, byPassword, false, [mail])).toEqual({ ask: 'challenge', usable: [otp, mail] });
    expect(way([otp], {}, byPassword, false, [mail])).toEqual({ ask: 'challenge', usable: [otp] });
    expect(way([otp], both, byPassword, false, [mail], true)).toEqual({ ask: 'challenge', usable: [otp] });
    expect(way([passkey], both, byPassword, false, [mail])).toEqual({ ask: 'challenge', usable: [passkey] });
    expect(way([], both, byPassword, false, [mail])).toMatchObject({ ask: 'enrol', kinds: ['passkey', 'otp'] });
  });

  test('case=no code goes to a mailbox that this login has used', () => {
    const mail: Factor = { id: 'm', kind: 'email', address: 'dana@acme.example', vouchedBy: 'mail' };
    const need = { reason: 'organization', accepts: ['otp', 'email'], isFresh: false } as const;
    const ground = { revision: 1, factors: [otp], hasOtherWaysIn: false, mail: [mail], isPasswordFromMail: false };
    const usable = (person: Admitted, attempt = attemptOf()) => {
      const found = findFactorWay({ admitted: person, need }, attempt, ground);
      return found.ask === 'challenge' ? found.usable.map(({ kind }) => kind) : found.ask;
    };
    const { request } = attemptOf();
    const from = (email: string | undefined, ownProof?: ReturnType<typeof ownProofOf>) =>
      admitted({ changes: { proof: { kind: 'identity', identity: identityOf({ email }), ownProof } } });
    expect(usable(from('other@acme.example'))).toEqual(['otp', 'email']);
    expect(usable(admitted(byPassword))).toEqual(['otp', 'email']);
    expect(usable(from('other@acme.example', ownProofOf()))).toEqual(['otp']);
    for (const invitationCarrier of ['mail', 'application'] as const)
      expect(usable(admitted(byPassword), attemptOf({ request: { ...request, invitationCarrier } }))).toEqual(['otp']);
    // The company runs the provider and the mailbox.
    expect(usable(from('Dana@ACME.example'))).toEqual(['otp']);
    const said = { data: { email: 'dana@acme.example' }, isBound: true };
    expect(
      usable(admitted({ changes: { proof: { ...passwordProofOf(), by: 'known', said } as Admitted['proof'] } })),
    ).toEqual(['otp']);
  });

  test('case=none: a first one is set up, but not by a company beside another way in', () => {
    expect(way([], {}, byPassword)).toEqual({ ask: 'enrol', kinds: ['otp'] });
    expect(way([], {}, byPassword, true)).toEqual({ ask: 'enrol', kinds: ['otp'] });
    expect(way([])).toEqual({ ask: 'enrol', kinds: ['otp'] });
    expect(way([], {}, {}, true)).toMatchObject({ ask: 'missing' });
    expect(way([], { accepts: ['recovery-code'] }, byPassword)).toMatchObject({ ask: 'missing' });
    expect(way([], { accepts: [] }, byPassword)).toMatchObject({ ask: 'missing' });
  });

  test('case=one that is not accepted: no second one is set up beside it', () => {
    const key: Factor = { id: 'k', kind: 'webauthn-roaming', vouchedBy: 'mail' };
    expect(way([key], {}, byPassword)).toMatchObject({ ask: 'missing', evidence: { has: ['webauthn-roaming'] } });
  });

  test('case=what a stranger set up is not asked for where a binding ends it', () => {
    const planted: Factor = { id: 'p', kind: 'otp' };
    expect(way([planted], { reason: 'binding', onlyEnrolled: true }, { bind: true })).toEqual({ ask: 'pass' });
    expect(way([planted], { reason: 'organization' }, { bind: true })).toMatchObject({ ask: 'enrol' });
    expect(way([planted])).toEqual({ ask: 'challenge', usable: [planted] });
    expect(way([planted, otp], { reason: 'binding', onlyEnrolled: true }, { bind: true })).toEqual({
      ask: 'challenge',
      usable: [otp],
    });
  });
});
