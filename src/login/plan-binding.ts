/** Plans the writes about the identity of a login. Pure, given ids; part of the plan. */
import { parseEmail } from '../domain/email.js';
import { profileSourceOf } from '../domain/profile-source.js';
import { type Entropy, newSecret } from '../kernel/ids.js';
import type { CommitPlan } from '../ports/login-store.js';
import type { Admitted } from './stages.js';

/** Claims kept as the identity's profile data: those that describe the person, without those about the token itself. */
function profileData(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const token = new Set([
    'iss',
    'aud',
    'exp',
    'iat',
    'nbf',
    'nonce',
    'at_hash',
    'c_hash',
    's_hash',
    'azp',
    'jti',
    'sid',
    'auth_time',
    'acr',
    'amr',
  ]);
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !token.has(name)));
}

/**
 * Pre-hijacking (Sudhodanan and Paverd, "classic-federated merge"): an attacker opened the account under the owner's address, with the
 * attacker's own password, and waits until the owner links their identity to it. The owner proved the mailbox by a code; but nobody had
 * proved the account's address, so its password may be the attacker's.
 */
function isPasswordUnproved({ account, proof }: Admitted): boolean {
  return (
    account.kind === 'existing' &&
    account.bind?.rule === 'own_proof' &&
    !account.candidate.addressProved &&
    account.candidate.hasPassword &&
    proof.kind === 'identity' &&
    proof.ownProof?.by === 'code'
  );
}

/** The identity to bind, or the bound one whose data this login updates. */
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
      endPassword: false,
    };
    return { bind, refreshIdentity: undefined };
  }
  if (proof.kind !== 'identity') return { bind: undefined, refreshIdentity: undefined };
  const { issuer, subject, claims } = proof.identity;
  const profile = profileData(claims);
  // The voucher is for an address from another claim: it says nothing about `email` in the same answer.
  const emailVouchedBy = parseEmail(claims.email) === admitted.vouchedEmail ? admitted.assertedBy : undefined;
  const binding =
    account.kind === 'existing' ? account.bind : { rule: 'newcomer', evidence: {}, replacesExpected: undefined };
  if (binding === undefined) {
    const vouchedEmail = admitted.vouchedEmail;
    const { followed } = profileSourceOf(enablement.connection);
    return {
      bind: undefined,
      refreshIdentity: {
        connectionId,
        subject,
        data: profile,
        profile: followed ? proof.identity.profile : {},
        vouchedEmail,
        emailVouchedBy,
      },
    };
  }
  return {
    bind: {
      identityId: binding.replacesExpected ?? newSecret(entropy),
      connectionId,
      issuer,
      subject,
      profile,
      emailVouchedBy,
      ...binding,
      revokeOlder: account.kind === 'existing',
      endPassword: isPasswordUnproved(admitted),
    },
    refreshIdentity: undefined,
  };
}
