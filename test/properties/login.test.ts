/**
 * Steps 3 and 4 over random tenants: a handful of accounts, organizations, invitations and settings, and one person who comes
 * through a company's sign-in with any claims. The rules are written down from docs/linking-rule.md and not from
 * the code: nobody reaches an account that is not theirs, nobody is in without a reason, and an account elsewhere shows in
 * nothing.
 */

import { describe, expect, test } from 'vitest';
import type { Invitation } from '../../src/domain/people/account.js';
import { type Email, parseEmail } from '../../src/domain/people/email.js';
import { admit } from '../../src/login/4-admit.js';
import { resolveIdentity } from '../../src/login/linking-rules.js';
import type { Refusal } from '../../src/login/refusals.js';
import type { Admitted, OwnProof, ProofQuestion, Resolved } from '../../src/login/stages.js';
import { newTrace } from '../../src/login/trace.js';
import type { Candidate, Candidates } from '../../src/ports/login-store.js';
import { ACME, AT, authenticatedOf, identityOf, invitationOf, ssoOf } from '../support/login-facts.js';
import fc from '../support/random.js';

const ADDRESSES = ['dana@acme.example', 'sam@acme.example', 'olga@beta.example', 'joe@free.example'] as const;
const DOMAINS = ['acme.example', 'beta.example', 'free.example'] as const;
const SUBJECTS = ['s1', 's2'] as const;
const USERS = ['u0', 'u1', 'u2', 'u3', 'u4'] as const;

interface Person {
  readonly userId: string;
  readonly email: Email | undefined;
  readonly verified: boolean;
  readonly blocked: boolean;
  readonly hasPassword: boolean;
  readonly member: 'no' | 'unused' | 'used';
  readonly breakGlass: boolean;
  readonly others: number;
  readonly subject: string | undefined;
}

interface Tenant {
  readonly people: readonly Person[];
  /** The organization that proved each domain. */
  readonly proofs: Readonly<Record<string, 'nobody' | 'here' | 'elsewhere'>>;
  readonly expected: { readonly index: number; readonly by: 'subject' | 'email'; readonly key: string } | undefined;
  readonly invitations: readonly Invitation[];
  readonly link: 'verified_email' | 'never';
  readonly auto: boolean;
  readonly condition: string | undefined;
}

interface Visit {
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  readonly subject: string;
  readonly ownProof: OwnProof | undefined;
  /** Index of the invitation whose ticket is in the address. */
  readonly ticket: number | undefined;
}

const address = fc.constantFrom(...ADDRESSES).map((text) => text as Email);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const person = (userId: string): fc.Arbitrary<Person> =>
  fc.record({
    userId: fc.constant(userId),
    email: fc.oneof({ weight: 6, arbitrary: address }, { weight: 1, arbitrary: fc.constant(undefined) }),
    verified: fc.boolean(),
    blocked: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    hasPassword: fc.boolean(),
    member: fc.constantFrom('no', 'unused', 'used'),
    breakGlass: fc.boolean(),
    others: fc.nat({ max: 2 }),
    subject: fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(...SUBJECTS) },
    ),
  });

/** One subject is bound to one person at most, as the store's keys have it. */
function withoutDoubles(people: readonly Person[]): readonly Person[] {
  const seen = new Set<string>();
  return people.map((one) => {
    if (one.subject === undefined || !seen.has(one.subject)) {
      if (one.subject !== undefined) seen.add(one.subject);
      return one;
    }
    return { ...one, subject: undefined };
  });
}

const invitation = (id: string): fc.Arbitrary<Invitation> =>
  fc
    .record({
      inviteeEmail: address,
      connectionId: fc.constantFrom('con_sso', 'con_db', undefined),
      expiresAt: fc.constantFrom(new Date(AT.getTime() + 1), AT),
      roles: fc.constantFrom([], ['rol_editor']),
    })
    .map((changes) => invitationOf({ id, ...changes }));

const tenants: fc.Arbitrary<Tenant> = fc.record({
  people: fc.tuple(...USERS.map(person)).map((all) => withoutDoubles(all)),
  proofs: fc.record(
    Object.fromEntries(DOMAINS.map((domain) => [domain, fc.constantFrom('nobody', 'here', 'elsewhere')])) as Record<
      string,
      fc.Arbitrary<'nobody' | 'here' | 'elsewhere'>
    >,
  ),
  expected: optional(
    fc.oneof(
      fc.record({ index: fc.nat({ max: 4 }), by: fc.constant('subject' as const), key: fc.constantFrom(...SUBJECTS) }),
      fc.record({ index: fc.nat({ max: 4 }), by: fc.constant('email' as const), key: address }),
    ),
  ),
  invitations: fc.tuple(invitation('uinv_0'), invitation('uinv_1')).chain((two) => fc.subarray(two)),
  link: fc.constantFrom('verified_email', 'verified_email', 'never'),
  auto: fc.boolean(),
  condition: fc.constantFrom(undefined, undefined, 'email_domain == "acme.example"', 'false'),
});

const visits: fc.Arbitrary<Visit> = fc.record({
  email: fc.oneof(
    { weight: 8, arbitrary: address as fc.Arbitrary<string | undefined> },
    {
      weight: 1,
      arbitrary: fc.constantFrom(undefined, 'dana@acme.example@evil.example', 'd\u0131na@acme.example', ''),
    },
    { weight: 1, arbitrary: fc.constantFrom('DANA@acme.example', 'dana@sub.acme.example') },
  ),
  emailVerified: fc.boolean(),
  subject: fc.constantFrom(...SUBJECTS, 's3', 's4'),
  ownProof: optional(
    fc.record({
      by: fc.constantFrom('code' as const, 'password' as const),
      email: address,
      userId: optional(fc.constantFrom(...USERS)),
    }),
  ),
  ticket: optional(fc.nat({ max: 1 })),
});

function toCandidate(one: Person): Candidate {
  return {
    account: { userId: one.userId, email: one.email, emailVerified: one.verified, blocked: one.blocked, profile: {} },
    membership:
      one.member === 'no'
        ? undefined
        : {
            organizationId: ACME.id,
            userId: one.userId,
            breakGlass: one.breakGlass,
            usedBefore: one.member === 'used',
          },
    otherOrganizations: one.others,
    hasPassword: one.hasPassword,
    addressProved: one.verified,
    mainConnectionId: 'con_db',
    boundSubject: one.subject,
    boundIssuer: one.subject === undefined ? undefined : identityOf().issuer,
    awaitedSubject: undefined,
    awaitedOfIssuer: undefined,
    factorsRevision: 0,
  };
}

const domainOf = (email: string) => email.slice(email.indexOf('@') + 1);
const proofOf = (tenant: Tenant, email: string) => tenant.proofs[domainOf(email)] ?? 'nobody';

/** Candidates that a store would find for this visit (see the contract of the login store). */
function candidatesFor(tenant: Tenant, visit: Visit): Candidates {
  const email = parseEmail(visit.email);
  const bound = tenant.people.find((one) => one.subject === visit.subject);
  const { expected } = tenant;
  const fits = expected && expected.key === (expected.by === 'subject' ? visit.subject : email);
  const waiting = fits ? tenant.people[expected.index] : undefined;
  const byEmail = email === undefined ? [] : tenant.people.filter((one) => one.email === email);
  return {
    bound: bound && toCandidate(bound),
    expected: expected && waiting ? { candidate: toCandidate(waiting), identityId: 'idn', by: expected.by } : undefined,
    byEmail: byEmail.map(toCandidate),
    invitations: tenant.invitations.filter((item) => item.inviteeEmail === email),
    domainProvedElsewhere: email !== undefined && proofOf(tenant, email) === 'elsewhere',
    formerIssuer: undefined,
    formerAccount: undefined,
    movedFrom: undefined,
    userIdPrefix: { text: 'oidc|acme-oidc', known: true },
  };
}

function ticketOf(tenant: Tenant, visit: Visit): Invitation | undefined {
  const found = visit.ticket === undefined ? undefined : tenant.invitations[visit.ticket];
  // Step 1 lets no other ticket through.
  return found && found.expiresAt > AT ? found : undefined;
}

interface Decided {
  readonly resolved: Resolved | ProofQuestion | Refusal;
  readonly answer: Admitted | ProofQuestion | Refusal;
  readonly trace: unknown;
}

function decide(tenant: Tenant, visit: Visit): Decided {
  const ticket = ticketOf(tenant, visit);
  const here = DOMAINS.filter((domain) => tenant.proofs[domain] === 'here');
  const enablement = ssoOf({
    provedDomains: here,
    linkExistingMembers: tenant.link,
    assignMembershipOnLogin: tenant.auto,
    autoMembershipCondition: tenant.condition,
  });
  const base = authenticatedOf(ticket ? { ticket } : {});
  const { email, emailVerified, subject, ownProof } = visit;
  const identity = identityOf({ subject, email, emailVerified, claims: {} });
  const authenticated = { ...base, enablement, proof: { kind: 'identity', identity, ownProof } } as const;
  const trace = newTrace();
  const resolved = resolveIdentity(authenticated, candidatesFor(tenant, visit), AT, trace);
  return { resolved, answer: 'kind' in resolved ? resolved : admit(resolved, AT, trace), trace: trace.lines };
}

/** Rule 4, read from the document. */
function isVouched(tenant: Tenant, visit: Visit): boolean {
  const email = parseEmail(visit.email);
  if (email === undefined) return false;
  const proof = proofOf(tenant, email);
  return proof === 'here' || (visit.emailVerified && proof !== 'elsewhere');
}

function isProved(visit: Visit): boolean {
  return visit.ownProof !== undefined && visit.ownProof.email === parseEmail(visit.email);
}

/** Every reason for which this person may reach that account. */
function reasonsFor(tenant: Tenant, visit: Visit, one: Person): readonly string[] {
  const email = parseEmail(visit.email);
  const vouched = isVouched(tenant, visit);
  const { expected } = tenant;
  const isExpected = expected !== undefined && tenant.people[expected.index] === one && one.subject === undefined;
  const sameAddress = email !== undefined && one.email === email;
  const isSilent =
    vouched &&
    sameAddress &&
    one.verified &&
    one.member !== 'no' &&
    one.subject === undefined &&
    one.others === 0 &&
    tenant.link === 'verified_email' &&
    (one.member === 'used' || proofOf(tenant, email) === 'here');
  const own = visit.ownProof;
  return [
    one.subject === visit.subject && 'bound',
    isExpected && expected.by === 'subject' && expected.key === visit.subject && 'expected subject',
    isExpected && expected.by === 'email' && expected.key === email && vouched && 'expected address',
    isSilent && 'silent',
    sameAddress && one.subject === undefined && own?.userId === one.userId && own.email === email && 'own proof',
  ].filter((reason): reason is string => reason !== false);
}

const RUNS = { numRuns: 5_000 };

describe('properties of the linking and admission rules', () => {
  test('nobody reaches an account without a reason that the rule names', () => {
    fc.assert(
      fc.property(tenants, visits, (tenant, visit) => {
        const { resolved } = decide(tenant, visit);
        if ('kind' in resolved || resolved.account.kind !== 'existing') return;
        const { userId } = resolved.account.candidate.account;
        const one = tenant.people.find((item) => item.userId === userId);
        expect(one && reasonsFor(tenant, visit, one)).not.toEqual([]);
      }),
      RUNS,
    );
  });

  test('a bound identity is always its account: no claim, invitation or expectation leads elsewhere', () => {
    fc.assert(
      fc.property(tenants, visits, (tenant, visit) => {
        const bound = tenant.people.find((one) => one.subject === visit.subject);
        fc.pre(bound !== undefined);
        const { resolved } = decide(tenant, visit);
        expect(resolved).toMatchObject({
          account: { kind: 'existing', candidate: { account: { userId: bound?.userId } } },
        });
      }),
      RUNS,
    );
  });

  test('nobody is in without membership, invitation or auto-membership, and nobody who is blocked', () => {
    fc.assert(
      fc.property(tenants, visits, (tenant, visit) => {
        const { answer } = decide(tenant, visit);
        if ('kind' in answer) return;
        const { account, admission } = answer;
        const one = account.kind === 'existing' ? account.candidate : undefined;
        expect(one?.account.blocked ?? false).toBe(false);
        const addresses = new Set([
          isVouched(tenant, visit) || isProved(visit) ? parseEmail(visit.email) : undefined,
          one?.account.emailVerified ? one.account.email : undefined,
        ]);
        const invited = tenant.invitations.some(
          (item) => item.expiresAt > AT && item.connectionId !== 'con_db' && addresses.has(item.inviteeEmail),
        );
        const reasons = { member: one?.membership !== undefined, invited, auto: tenant.auto };
        expect(reasons).toMatchObject({ [admission.rule]: true });
        expect(admission.createMembership).toBe(admission.rule === 'member' ? undefined : admission.rule);
        // Roles come from an invitation that is used up, and from nowhere else.
        expect(admission.roles).toEqual(admission.invitation?.roles ?? []);
      }),
      RUNS,
    );
  });

  test('a new account is called verified only where somebody vouched or the person proved it', () => {
    fc.assert(
      fc.property(tenants, visits, (tenant, visit) => {
        const { resolved } = decide(tenant, visit);
        if ('kind' in resolved || resolved.account.kind !== 'new') return;
        expect(resolved.account.vouchedBy !== undefined).toBe(isVouched(tenant, visit) || isProved(visit));
      }),
      RUNS,
    );
  });

  test('a ticket is used by the address and connection that it names, or by nobody', () => {
    fc.assert(
      fc.property(tenants, visits, (tenant, visit) => {
        const ticket = ticketOf(tenant, visit);
        const { answer } = decide(tenant, visit);
        if (ticket === undefined || 'kind' in answer) return;
        expect(answer.admission.invitation).toEqual(ticket);
        expect(answer.provedEmail).toBe(ticket.inviteeEmail);
        expect(ticket.connectionId).not.toBe('con_db');
      }),
      RUNS,
    );
  });

  test('no enumeration: accounts elsewhere change nothing, in answer, question or trace, but for whom is invited here', () => {
    const strangers = fc.array(
      fc.record({
        email: address,
        verified: fc.boolean(),
        blocked: fc.boolean(),
        hasPassword: fc.boolean(),
        others: fc.nat({ max: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(tenants, visits, strangers, fc.boolean(), (tenant, visit, added, isFirst) => {
        const email = parseEmail(visit.email);
        fc.pre(!tenant.invitations.some((item) => item.inviteeEmail === email && item.expiresAt > AT));
        const elsewhere = added.map((one, index): Person => {
          return { ...one, userId: `x${index}`, member: 'no', breakGlass: false, subject: undefined };
        });
        // The expectation names people by their place.
        const people =
          isFirst && !tenant.expected ? [...elsewhere, ...tenant.people] : [...tenant.people, ...elsewhere];
        expect(decide({ ...tenant, people }, visit)).toEqual(decide(tenant, visit));
      }),
      RUNS,
    );
  });

  test('no enumeration: where the domain is not proved, the invited are all asked, with and without an account', () => {
    fc.assert(
      fc.property(tenants, visits, fc.boolean(), fc.boolean(), (tenant, visit, verified, hasPassword) => {
        const email = parseEmail(visit.email);
        const nobody = { ...tenant, expected: undefined, people: [] };
        const ticket = ticketOf(nobody, visit);
        fc.pre(email !== undefined && proofOf(tenant, email) !== 'here' && visit.ownProof === undefined);
        fc.pre(ticket === undefined || ticket.inviteeEmail === email);
        const one = {
          userId: 'x',
          email,
          verified,
          hasPassword,
          blocked: false,
          member: 'no',
          breakGlass: false,
        } as const;
        const somebody = { ...nobody, people: [{ ...one, others: 1, subject: undefined }] };
        const shown = ({ answer }: Decided) =>
          'kind' in answer
            ? [answer.kind, answer.kind === 'ask' ? answer.email : answer.code]
            : ['admitted', answer.admission.rule, answer.account.kind];
        expect(shown(decide(somebody, visit))).toEqual(shown(decide(nobody, visit)));
      }),
      RUNS,
    );
  });

  test('the random tenants reach every answer that there is: the properties above speak of something', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(tenants, visits, (tenant, visit) => {
        const { answer, resolved } = decide(tenant, visit);
        const bind = 'kind' in resolved || resolved.account.kind === 'new' ? undefined : resolved.account.bind?.rule;
        const word = !('kind' in answer)
          ? answer.admission.rule
          : answer.kind === 'ask'
            ? `ask ${answer.rule}`
            : answer.code;
        for (const one of [word, bind]) if (one !== undefined) seen.set(one, (seen.get(one) ?? 0) + 1);
      }),
      { numRuns: 20_000, seed: 7 },
    );
    for (const one of [
      'member',
      'invited',
      'auto',
      'silent',
      'own_proof',
      'pre_provisioned',
      'ask local_address_unverified',
      'ask member_of_several_organizations',
      'ask membership_never_used',
      'ask account_not_in_organization',
      'ask address_not_proved',
      'resolve.ambiguous_account',
      'admit.user_blocked',
      'admit.invitation_mismatch',
      'admit.not_a_member',
    ]) {
      expect(seen.get(one) ?? 0, one).toBeGreaterThan(10);
    }
  });
});
