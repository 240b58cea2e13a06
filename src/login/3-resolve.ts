/** Step 3: which account is this, or is it new? Reads once, then decides by the pure rules of linking-rules.ts. */

import { parseCondition } from '../domain/companies/membership-condition.js';
import { emailDomain, parseEmail } from '../domain/people/email.js';
import { profileSourceOf } from '../domain/people/profile-source.js';
import { isEnterprise } from '../domain/tenant.js';
import type { LoginReads } from '../ports/login-store.js';
import { resolveIdentity } from './linking-rules.js';
import { isStop, type Refusal, refuse } from './refusals.js';
import type { Attempt, Authenticated, Proof, ProofQuestion, Resolved } from './stages.js';
import type { Trace } from './trace.js';
import { withUnaskedFacts } from './unasked-facts.js';

async function resolveKnownAccount(
  authenticated: Authenticated,
  { userId, subject, by }: Extract<Proof, { readonly kind: 'account' }>,
  reads: Pick<LoginReads, 'findAccount'>,
  trace: Trace,
): Promise<Resolved | Refusal> {
  const found = await reads.findAccount({
    userId,
    organizationId: authenticated.organization?.id,
    connectionId: authenticated.enablement.connection.id,
  });
  if (found === undefined) {
    trace.add('resolve', 'account', 'refuse', { user_id: userId });
    return refuse('authenticate.session_not_usable', 'the account is gone');
  }
  const { account, addressProved, boundSubject } = found.candidate;
  trace.about({ email: account.email });
  // True if the identity that proved the account was unlinked since: another account may have it now.
  const isAnother = boundSubject === undefined || (subject !== undefined && subject !== boundSubject);
  if (isEnterprise(authenticated.enablement.connection.strategy) && isAnother) {
    trace.add('resolve', 'bound_identity', 'refuse', { user_id: userId });
    return refuse('authenticate.session_not_usable', 'the identity that was proved does not belong to the account');
  }
  // Attack: the provider was changed, and its answer without an organization is used at the picker.
  if (found.candidate.provesAgain !== undefined && by === 'known') {
    trace.add('resolve', 'bound_identity', 'refuse', { user_id: userId, provider_changed: true });
    return refuse(
      'authenticate.session_not_usable',
      'the identity provider changed: the account is to be proved again',
    );
  }
  trace.add('resolve', 'account', 'pass', { user_id: userId });
  // The account's stored address counts here. If nobody vouched for it, another organization may own its domain.
  const domainProvedElsewhere = !addressProved && found.domainProvedElsewhere;
  return {
    ...authenticated,
    account: { kind: 'existing', candidate: found.candidate, bind: undefined },
    provedEmail: addressProved ? account.email : undefined,
    vouchedEmail: undefined,
    assertedBy: undefined,
    invitations: found.invitations,
    domainProvedElsewhere,
    scimGroups: undefined,
    reliedDomains: [],
    reliedUnclaimedDomain:
      addressProved || domainProvedElsewhere || !account.email ? undefined : emailDomain(account.email),
    reliedOnNoOthers: false,
  };
}

/** True when the connection's condition for auto-membership reads the person's groups in the company's directory. */
function asksForGroups({ enablement }: Authenticated): boolean {
  const { assignMembershipOnLogin, autoMembershipCondition } = enablement;
  if (!assignMembershipOnLogin || autoMembershipCondition === undefined) return false;
  const condition = parseCondition(autoMembershipCondition);
  return !('error' in condition) && condition.readsGroups;
}

/**
 * Refuses another user than the one of `id_token_hint` (OpenID Connect Core section 3.1.2.1). Attack: a silent renewal
 * gives the application the tokens of another person who has signed in in the same browser since.
 */
export function checkHintedUser({ account, proof }: Resolved, { request }: Attempt, trace: Trace): Refusal | undefined {
  const { hintedUserId } = request;
  const userId = account.kind === 'existing' ? account.candidate.account.userId : undefined;
  if (hintedUserId === undefined || hintedUserId === userId) return undefined;
  trace.add('resolve', 'hinted_user', 'refuse', { hinted: hintedUserId, found: userId ?? null });
  const detail = `id_token_hint is about ${hintedUserId}`;
  if (proof.kind === 'account' && proof.by === 'session') return refuse('authenticate.session_not_usable', detail);
  return refuse('resolve.other_user', detail);
}

/**
 * Finds the account of a proof; `at` decides what is expired. May return a question: the person must first prove that
 * an existing account is theirs.
 */
export async function resolve(
  authenticated: Authenticated,
  at: Date,
  reads: Pick<LoginReads, 'findAccount' | 'findCandidates'>,
  trace: Trace,
): Promise<Resolved | ProofQuestion | Refusal> {
  const { proof } = authenticated;
  if (proof.kind === 'account') return resolveKnownAccount(authenticated, proof, reads, trace);
  if (proof.kind === 'sign_up') {
    trace.add('resolve', 'account', 'pass', { newcomer: true });
    return {
      ...authenticated,
      account: {
        kind: 'new',
        email: proof.email,
        vouchedBy: proof.addressProved ? 'mail' : undefined,
        idPrefix: undefined,
      },
      provedEmail: proof.addressProved ? proof.email : undefined,
      vouchedEmail: undefined,
      assertedBy: undefined,
      invitations: [],
      domainProvedElsewhere: false,
      scimGroups: undefined,
      reliedDomains: [],
      reliedUnclaimedDomain: undefined,
      reliedOnNoOthers: false,
    };
  }
  const { strategy, name } = authenticated.enablement.connection;
  const candidates = await reads.findCandidates({
    connectionId: proof.identity.connectionId,
    idPrefix: `${strategy}|${name}`,
    issuer: proof.identity.issuer,
    subject: proof.identity.subject,
    email: parseEmail(proof.identity.email),
    organizationId: authenticated.organization?.id,
    ...(asksForGroups(authenticated) && { scimGroups: 'read' }),
  });
  const answer = resolveIdentity(authenticated, candidates, at, withUnaskedFacts(trace, proof.identity));
  if (!isStop(answer) && answer.account.kind === 'existing')
    trace.about({ userId: answer.account.candidate.account.userId });
  const isNew = !isStop(answer) && answer.account.kind === 'new';
  if (!isNew || profileSourceOf(authenticated.enablement.connection).opensAccounts) return answer;
  trace.add('resolve', 'newcomer', 'refuse', { opens_accounts: false });
  return refuse('resolve.no_account', 'the connection opens no accounts (set_user_root_attributes: never_on_login)');
}
