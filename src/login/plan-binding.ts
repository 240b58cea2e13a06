/** Plans the writes to a login's identity: the binding of a new one, or the update of a bound one. Pure; draws ids. */
import { parseEmail } from '../domain/people/email.js';
import { profileSourceOf } from '../domain/people/profile-source.js';
import { profileData } from '../domain/people/root-attributes.js';
import { type Entropy, newSecret } from '../kernel/ids.js';
import type { CommitPlan } from '../ports/login-store.js';
import type { Admitted, Authenticated } from './stages.js';

/**
 * Returns the update of the stored identity for a person who came from the IdP and then chose an organization. Updates
 * only the claims. The address and its voucher stay: they change only when the linking rule checks the IdP's answer in
 * a login into an organization.
 */
function refreshPicked(
  proof: Exclude<Authenticated['proof'], { kind: 'identity' }>,
  connectionId: string,
): CommitPlan['refreshIdentity'] {
  if (proof.kind !== 'account' || proof.said?.isBound !== true || proof.subject === undefined) return undefined;
  const { data } = proof.said;
  const followed = { profile: {}, vouchedEmail: undefined, emailVouchedBy: 'as_before' } as const;
  return { connectionId, subject: proof.subject, data, ...followed };
}

/** Returns the identity that the commit binds to the account, or the update of the identity that is bound already. */
export function planBinding(
  admitted: Admitted,
  userId: string,
  entropy: Entropy,
): Pick<CommitPlan, 'bind' | 'refreshIdentity'> {
  const { account, proof, enablement } = admitted;
  const connectionId = enablement.connection.id;
  if (proof.kind === 'sign_up') {
    const subject = userId.slice(userId.indexOf('|') + 1);
    const bind = {
      identityId: newSecret(entropy),
      connectionId,
      issuer: '',
      subject,
      profile: {},
      emailVouchedBy: undefined,
      rule: 'sign_up',
      evidence: {},
      replacesExpected: undefined,
      revokeOlder: false,
    };
    return { bind, refreshIdentity: undefined };
  }
  if (proof.kind !== 'identity') return { bind: undefined, refreshIdentity: refreshPicked(proof, connectionId) };
  const { issuer, subject, claims, claimsCut } = proof.identity;
  const data = profileData(claims, claimsCut);
  const { vouchedEmail, assertedBy } = admitted;
  // The voucher is for `vouchedEmail`. If the `email` claim has another address, nobody vouches for that one.
  const emailVouchedBy = parseEmail(claims.email) === vouchedEmail ? assertedBy : undefined;
  const binding =
    account.kind === 'existing' ? account.bind : { rule: 'newcomer', evidence: {}, replacesExpected: undefined };
  if (binding === undefined) {
    const profile = profileSourceOf(enablement.connection).followed ? proof.identity.profile : {};
    return { bind: undefined, refreshIdentity: { connectionId, subject, data, profile, vouchedEmail, emailVouchedBy } };
  }
  return {
    bind: {
      identityId: binding.replacesExpected ?? newSecret(entropy),
      connectionId,
      issuer,
      subject,
      profile: data,
      emailVouchedBy,
      ...binding,
      revokeOlder: account.kind === 'existing',
    },
    refreshIdentity: undefined,
  };
}
