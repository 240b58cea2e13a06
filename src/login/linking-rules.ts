/**
 * Decides which account an identity belongs to. A pure function of the proof and the stored data, so that it can be
 * explained, simulated and tested rule by rule. An identity is (connection, issuer, subject). An address is a hint,
 * used once, at the first binding, and only if every rule below holds (docs/linking-rule.md). Does not read, write or
 * ask the clock.
 *
 * Stops these attacks: nOAuth (an unverified e-mail claim used as an identity; Descope 2023, Semperis 2025),
 * pre-hijacking (Sudhodanan and Paverd, arXiv 2205.10174), cross-customer impersonation (one customer's IdP asserts
 * another's people).
 */

import { type ExternalIdentity, isLive, type Voucher } from '../domain/people/account.js';
import { type Email, emailDomain } from '../domain/people/email.js';
import { assert } from '../kernel/assert.js';
import type { Candidate, Candidates } from '../ports/login-store.js';
import { isFormer, refuseFormerAccount, refuseFormerIssuer } from './former-issuers.js';
import { findRemedy, refuseMovedSeat } from './moved-seats.js';
import { type Refusal, refuse } from './refusals.js';
import { whyNotSilent, whyProveAgain } from './silent.js';
import type { Authenticated, OwnProof, ProofQuestion, Resolved, ResolvedAccount } from './stages.js';
import type { Trace } from './trace.js';
import { invitationFits, type Vouching, vouchFor } from './vouching.js';

/** True for a proof of exactly this address and account. `userId` undefined: no account has the address. */
function proves(ownProof: OwnProof, email: Email, userId: string | undefined): boolean {
  return ownProof.email === email && ownProof.userId === userId;
}

/** True when the person proved that they read mail at the asserted address, or hold an account with it. */
function addressProved({ ownProof, vouching }: Pick<Ground, 'ownProof' | 'vouching'>): boolean {
  return ownProof !== undefined && ownProof.email === vouching.email;
}

interface Ground {
  readonly authenticated: Authenticated;
  readonly identity: ExternalIdentity;
  readonly ownProof: OwnProof | undefined;
  readonly candidates: Candidates;
  readonly vouching: Vouching;
  readonly at: Date;
  readonly trace: Trace;
}

/** Part 9: who vouches for the address by the IdP's answer alone: the organization, the IdP, or nobody. */
function assertedBy({ vouching, authenticated }: Ground): Voucher | undefined {
  if (vouching.byDomain && authenticated.organization) return authenticated.organization.id as Voucher;
  return vouching.byIdp ? 'idp' : undefined;
}

/**
 * Part 9: who vouches for the address in this login. A typed password counts no more than the IdP's word, and that of a
 * customer's IdP counts for nothing.
 */
function vouchedBy(ground: Ground): Voucher | undefined {
  if (addressProved(ground) && ground.ownProof?.by === 'code') return 'mail';
  const byCustomer = ground.authenticated.enablement.connection.managedByOrganization !== undefined;
  return assertedBy(ground) ?? (addressProved(ground) && !byCustomer ? 'idp' : undefined);
}

/** Returns the address's domain, if the decision would differ had another organization proved that domain. */
function unclaimedDomain(ground: Ground): string | undefined {
  const { vouching, candidates } = ground;
  const leans = !vouching.byDomain && !candidates.domainProvedElsewhere && !addressProved(ground);
  return leans && vouching.email ? emailDomain(vouching.email) : undefined;
}

function resolved(
  ground: Ground,
  account: ResolvedAccount,
  leaned: { domain?: boolean; noOthers?: boolean } = {},
): Resolved {
  const { vouching, candidates, authenticated } = ground;
  const proved = addressProved(ground);
  const vouched = vouching.byDomain || vouching.byIdp || proved;
  const stored =
    account.kind === 'existing' && account.candidate.addressProved ? account.candidate.account.email : undefined;
  return {
    ...authenticated,
    account,
    provedEmail: vouched ? vouching.email : stored,
    vouchedEmail: vouched ? vouching.email : undefined,
    assertedBy: assertedBy(ground),
    invitations: candidates.invitations,
    domainProvedElsewhere: candidates.domainProvedElsewhere && !proved,
    scimGroups: candidates.scimGroups,
    reliedDomains: leaned.domain && vouching.email ? [emailDomain(vouching.email)] : [],
    reliedUnclaimedDomain: unclaimedDomain(ground),
    reliedOnNoOthers: leaned.noOthers ?? false,
  };
}

function ask(ground: Ground, email: Email, candidate: Candidate | undefined, rule: string): ProofQuestion {
  ground.trace.add('resolve', 'silent_or_proof', 'ask', { because: rule });
  return {
    kind: 'ask',
    email,
    userId: candidate?.account.userId,
    hasPassword: candidate?.hasPassword ?? false,
    rule,
  };
}

function stranger(ground: Ground): Resolved {
  const { vouching, candidates } = ground;
  assert(
    candidates.userIdPrefix,
    'only somebody who is bound has no way to a new account, and they are recognised before',
  );
  return resolved(
    ground,
    { kind: 'new', email: vouching.email, vouchedBy: vouchedBy(ground), idPrefix: candidates.userIdPrefix },
    { domain: vouching.byDomain },
  );
}

/** Applies rules 5 to 7 to a member of this organization; undefined when the membership is another subject's. */
function resolveMember(ground: Ground, member: Candidate): Resolved | ProofQuestion | Refusal | undefined {
  const { vouching, ownProof, trace } = ground;
  const email = vouching.email as Email;
  const { connection } = ground.authenticated.enablement;
  const { boundIssuer = '' } = member;
  if (member.boundSubject !== undefined && boundIssuer !== ground.identity.issuer && isFormer(connection, boundIssuer))
    return refuseFormerIssuer(ground.identity, member.boundIssuer, trace);
  if (member.boundSubject !== undefined) {
    // The address now belongs to a new employee: the membership stays with the old subject.
    trace.add('resolve', 'one_candidate', 'refuse', { user_id: member.account.userId, bound_to_another_subject: true });
    return undefined;
  }
  const { awaitedOfIssuer } = member;
  if (awaitedOfIssuer !== undefined && isFormer(connection, awaitedOfIssuer))
    return refuseFormerIssuer(ground.identity, awaitedOfIssuer, trace);
  if (member.awaitedSubject !== undefined) {
    // The operator reserved this membership for one subject, so an address does not give it to another subject.
    trace.add('resolve', 'one_candidate', 'refuse', { user_id: member.account.userId, awaits_another_subject: true });
    return undefined;
  }
  trace.add('resolve', 'one_candidate', 'pass', { user_id: member.account.userId });
  trace.add('resolve', 'belongs_here', 'pass', { user_id: member.account.userId });
  const evidence = { email, domain_proved: vouching.byDomain, idp_email_verified: ground.identity.emailVerified };
  const reason = whyNotSilent(member, vouching);
  if (reason === undefined) {
    trace.add('resolve', 'silent_or_proof', 'pass', { silent: true, domain_proved: vouching.byDomain });
    const bind = { rule: 'silent', evidence, replacesExpected: undefined };
    return resolved(
      ground,
      { kind: 'existing', candidate: member, bind },
      { domain: vouching.byDomain, noOthers: true },
    );
  }
  if (ownProof === undefined || !proves(ownProof, email, member.account.userId))
    return ask(ground, email, member, reason);
  trace.add('resolve', 'silent_or_proof', 'pass', { own_proof: ownProof.by, because: reason });
  const bind = { rule: 'own_proof', evidence: { ...evidence, own_proof: ownProof.by }, replacesExpected: undefined };
  return resolved(ground, { kind: 'existing', candidate: member, bind }, { domain: vouching.byDomain });
}

/**
 * Resolves an invited person who is not a member. An account with their address is linked only after its own proof.
 * When the organization has not proved the domain, *everybody* is asked for a mailed code, with and without an account:
 * otherwise the question itself would tell the IdP's administrator that the account exists.
 */
function resolveInvited(ground: Ground): Resolved | ProofQuestion | Refusal {
  const { candidates, vouching, ownProof, trace } = ground;
  const email = vouching.email as Email;
  const locals = candidates.byEmail.filter(
    (item) =>
      item.hasPassword &&
      item.membership === undefined &&
      item.boundSubject === undefined &&
      item.awaitedSubject === undefined,
  );
  const verified = locals.filter((item) => item.addressProved);
  const local = verified.length === 1 ? verified[0] : locals[0];
  if (verified.length > 1 || (verified.length === 0 && locals.length > 1)) {
    trace.add('resolve', 'one_candidate', 'refuse', { candidates: locals.length });
    return refuse('resolve.ambiguous_account', `${locals.length} accounts with the invited address`);
  }
  trace.add('resolve', 'one_candidate', 'pass', { user_id: local?.account.userId ?? null, invited: true });
  if (local === undefined && vouching.byDomain) {
    trace.add('resolve', 'silent_or_proof', 'pass', { newcomer: true, domain_proved: true });
    return stranger(ground);
  }
  if (ownProof === undefined || !proves(ownProof, email, local?.account.userId)) {
    const question = ask(ground, email, local, local ? 'account_not_in_organization' : 'address_not_proved');
    // The question must not depend on whether an account exists: its reader may be the IdP's administrator.
    return vouching.byDomain ? question : { ...question, domainUnproved: true };
  }
  trace.add('resolve', 'silent_or_proof', 'pass', { own_proof: ownProof.by });
  if (local === undefined) return stranger(ground);
  const bind = {
    rule: 'own_proof',
    evidence: { email, own_proof: ownProof.by, invited: true },
    // The person's proof also fulfils an identity that an operator pre-provisioned for this account and address.
    // If that one stayed, it would bind another person with the address after this one is removed.
    replacesExpected:
      candidates.expected?.candidate.account.userId === local.account.userId
        ? candidates.expected.identityId
        : undefined,
  };
  return resolved(ground, { kind: 'existing', candidate: local, bind }, { domain: vouching.byDomain });
}

/**
 * Binds a known subject again, after the provider of a customer's connection changed (ADR 0102). Attack: an administrator
 * points the connection at a provider of their own, which asserts the subject of a colleague. So the address decides, as
 * for a person who comes for the first time; else the person proves the stored account.
 */
function resolveAgain(ground: Ground, candidate: Candidate, identityId: string): Resolved | ProofQuestion | Refusal {
  const { vouching, ownProof, trace, identity } = ground;
  const { email: stored, userId } = candidate.account;
  trace.add('resolve', 'one_candidate', 'pass', { user_id: userId, provider_changed: true });
  const evidence = { email: vouching.email, domain_proved: vouching.byDomain, provider_changed: true };
  const reason = whyProveAgain(candidate, vouching, identity.connectionId);
  if (reason === undefined) {
    trace.add('resolve', 'silent_or_proof', 'pass', { silent: true, domain_proved: true });
    const bind = { rule: 'silent', evidence, replacesExpected: identityId };
    return resolved(ground, { kind: 'existing', candidate, bind }, { domain: true, noOthers: true });
  }
  // No address of somebody who is no member any more is shown to the provider's administrator.
  const isNamed = candidate.membership !== undefined || stored === vouching.email;
  if (stored === undefined || !isNamed) return refuseFormerAccount(identity, userId, trace);
  if (ownProof === undefined || !proves(ownProof, stored, userId)) return ask(ground, stored, candidate, reason);
  trace.add('resolve', 'silent_or_proof', 'pass', { own_proof: ownProof.by, because: reason });
  const bind = {
    rule: 'own_proof',
    evidence: { ...evidence, own_proof: ownProof.by },
    replacesExpected: identityId,
  };
  const domain = vouching.byDomain && stored === vouching.email;
  return resolved(ground, { kind: 'existing', candidate, bind }, { domain });
}

/** A pre-provisioned identity is the operator's own decision: it overrules rules 6 and 7, and is logged as such. */
function resolveExpected(ground: Ground): Resolved | ProofQuestion | Refusal | undefined {
  const { expected } = ground.candidates;
  if (expected === undefined) return undefined;
  const vouched = ground.vouching.byDomain || ground.vouching.byIdp;
  if (expected.by === 'email' && !vouched) {
    ground.trace.add('resolve', 'pre_provisioned', 'refuse', { by: 'email', vouched });
    return undefined;
  }
  if (expected.candidate.boundSubject !== undefined) {
    ground.trace.add('resolve', 'pre_provisioned', 'refuse', { bound_to_another_subject: true });
    return undefined;
  }
  if (expected.provesAgain) {
    ground.trace.add('resolve', 'pre_provisioned', 'refuse', { by: 'subject', provider_changed: true });
    // Without an organization nobody is asked: the picker comes first.
    if (ground.authenticated.organization === undefined) return undefined;
    return resolveAgain(ground, expected.candidate, expected.identityId);
  }
  ground.trace.add('resolve', 'pre_provisioned', 'pass', {
    user_id: expected.candidate.account.userId,
    by: expected.by,
  });
  const evidence = { pre_provisioned: expected.by, identity: expected.identityId };
  const bind = { rule: 'pre_provisioned', evidence, replacesExpected: expected.identityId };
  return resolved(
    ground,
    { kind: 'existing', candidate: expected.candidate, bind },
    { domain: expected.by === 'email' && ground.vouching.byDomain },
  );
}

function applicableInvitation(ground: Ground): boolean {
  const { authenticated, candidates, vouching, at } = ground;
  const connectionId = authenticated.enablement.connection.id;
  // With the invitation's ticket, a code may still prove the address. Without it, the address must be vouched for.
  if (authenticated.invitation) return invitationFits(authenticated.invitation, vouching.email, connectionId);
  const vouched = vouching.byDomain || vouching.byIdp;
  return (
    vouched &&
    candidates.invitations.some((item) => isLive(item, at) && invitationFits(item, vouching.email, connectionId))
  );
}

/** Applies rules 5 and 6 to members of this organization with the address; the IdP has no say over other accounts. */
function resolveByAddress(ground: Ground): Resolved | ProofQuestion | Refusal {
  const { authenticated, candidates, vouching, trace } = ground;
  const vouched = vouching.byDomain || vouching.byIdp;
  const mayLink = authenticated.enablement.linkExistingMembers === 'verified_email';
  const members = candidates.byEmail.filter((item) => item.membership !== undefined);
  const [only, ...more] = members;
  if (vouched && only && more.length === 0) trace.about({ remedy: findRemedy(authenticated, ground.identity, only) });
  if (vouched && members.length > 0 && !mayLink)
    trace.add('resolve', 'linking_allowed', 'refuse', { link_existing_members: 'never' });
  if (vouched && mayLink) {
    if (members.length > 1) {
      trace.add('resolve', 'one_candidate', 'refuse', { candidates: members.length });
      return refuse('resolve.ambiguous_account', `${members.length} members with this address`);
    }
    const answer = only && resolveMember(ground, only);
    if (answer) return answer;
  }
  // An invitation applies even if the address leads to a member who cannot be bound. The invited person is asked for a
  // proof then, so that an IdP's word alone does not verify a new account's address.
  if ((vouched || members.length === 0) && applicableInvitation(ground)) return resolveInvited(ground);
  trace.add('resolve', 'belongs_here', 'pass', { member_with_this_address: false });
  return stranger(ground);
}

/**
 * Finds the account of a proved external identity: an existing one (perhaps to be bound), a new one, a question to the
 * person, or a refusal. `candidates` is the stored data, `at` decides what is expired; every answer is added to
 * `trace`.
 */
export function resolveIdentity(
  authenticated: Authenticated,
  candidates: Candidates,
  at: Date,
  trace: Trace,
): Resolved | ProofQuestion | Refusal {
  if (authenticated.proof.kind !== 'identity') throw new TypeError('resolveIdentity takes an external identity');
  const { identity, ownProof } = authenticated.proof;
  const vouching = vouchFor(identity, authenticated.enablement, candidates, trace);
  const ground: Ground = { authenticated, identity, ownProof, candidates, vouching, at, trace };
  const again = authenticated.organization && candidates.bound?.provesAgain;
  if (candidates.bound && again !== undefined) return resolveAgain(ground, candidates.bound, again);
  if (candidates.bound) {
    trace.add('resolve', 'bound_identity', 'pass', { user_id: candidates.bound.account.userId });
    return resolved(ground, { kind: 'existing', candidate: candidates.bound, bind: undefined });
  }
  trace.add('resolve', 'bound_identity', 'pass', { known: false });
  // After an operator moved a membership to a new subject, the former one counts only where the operator expects it.
  const { movedFrom } = candidates;
  const mayBeExpected = movedFrom === undefined || candidates.expected?.by === 'subject';
  const expected = mayBeExpected ? resolveExpected(ground) : undefined;
  if (expected) return expected;
  if (movedFrom !== undefined) return refuseMovedSeat(identity, movedFrom, trace);
  const { formerIssuer } = candidates;
  if (formerIssuer !== undefined && isFormer(authenticated.enablement.connection, formerIssuer))
    return refuseFormerIssuer(identity, formerIssuer, trace);
  if (candidates.formerAccount !== undefined) return refuseFormerAccount(identity, candidates.formerAccount, trace);
  if (authenticated.organization === undefined) return stranger(ground);
  return resolveByAddress(ground);
}
