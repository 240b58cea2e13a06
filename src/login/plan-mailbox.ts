/**
 * Plans who vouches for the account's address and password after this login, and which passwords the login deletes
 * (docs/linking-rule.md, parts 9 and 10). Pure. Never lets a link vouch for an address that it was not sent to.
 */
import type { Voucher } from '../domain/people/account.js';
import { type Email, emailDomain, parseEmail } from '../domain/people/email.js';
import type { LinkCarrier } from '../domain/ticket.js';
import type { CommitPlan } from '../ports/login-store.js';
import type { Admitted, Attempt, OwnProof } from './stages.js';

type Request = Attempt['request'];

function addressOf({ account }: Admitted): Email | undefined {
  return account.kind === 'new' ? account.email : account.candidate.account.email;
}

/**
 * Returns how the invitation's link reached the person (mail, application, operator), if it was sent to the account's
 * address.
 */
function carrierOf(admitted: Admitted, { invitationCarrier }: Request): LinkCarrier | undefined {
  const address = addressOf(admitted);
  return address !== undefined && admitted.invitation?.inviteeEmail === address ? invitationCarrier : undefined;
}

/**
 * Returns the proof that the person gave of an account or mailbox, if it proves the address of this login's account. A
 * code proves the mailbox for any account with the address. A password proves only its own account: while the question
 * was open, an operator may have assigned the identity to another user.
 */
function ownProofOf(admitted: Admitted): OwnProof | undefined {
  const { proof } = admitted;
  const ownProof = proof.kind === 'identity' ? proof.ownProof : undefined;
  if (ownProof?.by === 'password' && !showedPassword(admitted)) return undefined;
  return ownProof?.email === addressOf(admitted) ? ownProof : undefined;
}

/** True if the person typed this account's password after they came from the identity provider. */
function showedPassword({ account, proof }: Admitted): boolean {
  const own = proof.kind === 'identity' ? proof.ownProof : undefined;
  return own?.by === 'password' && account.kind === 'existing' && own.userId === account.candidate.account.userId;
}

/** Returns the address that an identity provider asserts in this login. */
function assertedIn({ proof }: Admitted): Email | undefined {
  if (proof.kind === 'identity') return parseEmail(proof.identity.email);
  return proof.kind === 'account' ? parseEmail(proof.said?.data.email) : undefined;
}

/**
 * Returns the addresses whose mailbox this login has used: for a code, a sign-up, or an invitation's link. Such a mailbox
 * proves nothing a second time. After a commit before the Actions the invitation is used up, and was for the account.
 * The address that an identity provider asserts counts as used. Attack: a company's administrator runs the provider and
 * the mailboxes, signs in as one of their people, and reads the code. Those stored for the connection, and the domains
 * of it, are left out by `findFactors`.
 */
export function mailboxesUsed(admitted: Admitted, { invitationCarrier }: Request): readonly string[] {
  const { proof, invitation } = admitted;
  const own = proof.kind === 'identity' && proof.ownProof?.by === 'code' ? [proof.ownProof.email] : [];
  const signUp = proof.kind === 'sign_up' ? [proof.email] : [];
  const invited = invitationCarrier === undefined ? [] : [invitation?.inviteeEmail ?? addressOf(admitted) ?? ''];
  const asserted = assertedIn(admitted);
  return [...own, ...signUp, ...invited, ...(asserted === undefined ? [] : [asserted])];
}

/**
 * Returns the source that vouches for an address because of an invitation's link; undefined when an application
 * delivered the link.
 */
function linkVoucher(carrier: LinkCarrier | undefined): 'mail' | 'operator' | undefined {
  return carrier === 'application' ? undefined : carrier;
}

/**
 * Returns the source that vouches for a new account's address. A mailed code counts more than a link from an operator's
 * command.
 */
export function voucherOfNewcomer(admitted: Admitted, request: Request): Voucher | undefined {
  const { account } = admitted;
  const byLink = linkVoucher(carrierOf(admitted, request));
  const before = account.kind === 'new' ? account.vouchedBy : undefined;
  return byLink === 'operator' && before === 'mail' ? before : (byLink ?? before);
}

/**
 * Returns who vouches for an existing account's address because of this login. A mailed link or code shows that the
 * person reads mail there. A typed password does not: it counts only if the organization has proved the domain. Attack:
 * an organization's administrator lets their IdP assert any address of a domain that is not theirs.
 */
export function voucherOfExisting(admitted: Admitted, request: Request): Voucher | undefined {
  const { account, organization, reliedDomains } = admitted;
  if (account.kind === 'new') return undefined;
  const own = ownProofOf(admitted);
  if (own?.by === 'code') return 'mail';
  const byLink = linkVoucher(carrierOf(admitted, request));
  if (byLink !== undefined) return byLink;
  const { account: stored, addressProved } = account.candidate;
  const domain = stored.email && emailDomain(stored.email);
  const byDomain = own !== undefined && !addressProved && reliedDomains.some((relied) => relied === domain);
  return byDomain ? (organization?.id as Voucher | undefined) : undefined;
}

/**
 * Returns the address for which only the inviting organization vouches, because its application delivered the link and
 * may have kept it.
 */
export function vouchedHere(admitted: Admitted, request: Request): Email | undefined {
  return carrierOf(admitted, request) === 'application' ? addressOf(admitted) : undefined;
}

/** Returns who vouches for the password of a sign-up: a mailed code or link, or the operator's link. */
export function voucherOfPassword(admitted: Admitted, request: Request): 'mail' | 'operator' | undefined {
  if (admitted.proof.kind === 'sign_up' && admitted.proof.addressProved) return 'mail';
  return linkVoucher(carrierOf(admitted, request));
}

/**
 * Plans which passwords to delete. Attack (pre-hijacking; Sudhodanan and Paverd, "classic-federated merge"): somebody
 * opens the account under the owner's address, with a password of their own, and waits for the owner. So a login that
 * proves the mailbox, or that binds a company's identity to the account, deletes every password that nobody vouches
 * for. If this login's code is the first proof of the address, passwords set by an API client are deleted too: the
 * client's own sign-up page may have let anybody type the address.
 *
 * A password that the person typed in this login is theirs and stays. If they also came by a mailed link, it counts as
 * vouched for from now on.
 */
export function planPasswords(
  admitted: Admitted,
  request: Request,
): Pick<CommitPlan, 'provesPassword' | 'endPasswords'> {
  const { account, proof } = admitted;
  if (account.kind === 'new') return {};
  const own = ownProofOf(admitted);
  const mailed = own?.by === 'code' || carrierOf(admitted, request) === 'mail';
  if (account.bind === undefined && !mailed) return {};
  if (showedPassword(admitted)) return {};
  const shown = proof.kind === 'account' ? proof.credential?.connectionId : undefined;
  const unproved = account.bind?.rule === 'own_proof' && own?.by === 'code' && !account.candidate.addressProved;
  return {
    ...(shown !== undefined && { provesPassword: shown }),
    endPasswords: { which: unproved ? 'unmailed' : 'unvouched', keep: shown },
  };
}
