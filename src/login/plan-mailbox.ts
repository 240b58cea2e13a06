/**
 * Plans the vouchers for address and password that a login's link, code or password gives, and the passwords that the
 * login deletes: parts 9 and 10 of the linking rule. Pure. Never lets a link vouch for an address that it was not sent
 * to.
 */
import type { Voucher } from '../domain/people/account.js';
import { type Email, emailDomain } from '../domain/people/email.js';
import type { LinkCarrier } from '../domain/ticket.js';
import type { CommitPlan } from '../ports/login-store.js';
import type { Admitted, Attempt, OwnProof } from './stages.js';

type Request = Attempt['request'];

function addressOf({ account }: Admitted): Email | undefined {
  return account.kind === 'new' ? account.email : account.candidate.account.email;
}

/** Returns the carrier of this login's link, if the link was for the account's own address. */
function carrierOf(admitted: Admitted, { invitationCarrier }: Request): LinkCarrier | undefined {
  const address = addressOf(admitted);
  return address !== undefined && admitted.invitation?.inviteeEmail === address ? invitationCarrier : undefined;
}

/**
 * Returns this login's own proof, if it was of the account's own address. A code proves the mailbox, whichever account
 * it was asked for. A password counts for its own account alone: an operator may have expected the identity for
 * another user while the question was open.
 */
function ownProofOf(admitted: Admitted): OwnProof | undefined {
  const { proof } = admitted;
  const ownProof = proof.kind === 'identity' ? proof.ownProof : undefined;
  if (ownProof?.by === 'password' && !showedPassword(admitted)) return undefined;
  return ownProof?.email === addressOf(admitted) ? ownProof : undefined;
}

/** True if the person proved this account by its password after they came from the identity provider. */
function showedPassword({ account, proof }: Admitted): boolean {
  const own = proof.kind === 'identity' ? proof.ownProof : undefined;
  return own?.by === 'password' && account.kind === 'existing' && own.userId === account.candidate.account.userId;
}

/**
 * Returns the voucher for an address that received an invitation's link; undefined when an application delivered the
 * link.
 */
function linkVoucher(carrier: LinkCarrier | undefined): 'mail' | 'operator' | undefined {
  return carrier === 'application' ? undefined : carrier;
}

/** Returns the voucher for a new account's address. A mailed code or link counts more than the word of a command. */
export function voucherOfNewcomer(admitted: Admitted, request: Request): Voucher | undefined {
  const { account } = admitted;
  const byLink = linkVoucher(carrierOf(admitted, request));
  const before = account.kind === 'new' ? account.vouchedBy : undefined;
  return byLink === 'operator' && before === 'mail' ? before : (byLink ?? before);
}

/**
 * Returns the voucher that this login adds to an existing account's address. A mailed link, or the code of an own
 * proof, shows that the person reads mail there. A password shows it only together with the domain's owner. Attack: the
 * administrator who ordered the invitation makes an IdP of any other domain assert any address.
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

/** Returns the voucher for the password of a sign-up. */
export function voucherOfPassword(admitted: Admitted, request: Request): 'mail' | 'operator' | undefined {
  if (admitted.proof.kind === 'sign_up' && admitted.proof.addressProved) return 'mail';
  return linkVoucher(carrierOf(admitted, request));
}

/**
 * Plans which passwords to delete. Attack (pre-hijacking; Sudhodanan and Paverd, "classic-federated merge"): somebody
 * opens the account under the owner's address, with a password of their own, and waits for the owner. A login that
 * proves the mailbox, or by which a company binds the person to the account, deletes every password that nobody vouches
 * for. When nobody had proved the address before, and a code does now, the word of a client that set the password is
 * not enough either: its own sign-up may have checked nothing.
 *
 * A password that the person showed in this login is theirs and stays; with a link from the mailbox it counts as proved
 * from now on.
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
