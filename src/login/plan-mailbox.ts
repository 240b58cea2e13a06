/**
 * The vouchers of address and password that follow from the link, code or password of a login, and the passwords that end by it: parts 9 and
 * 10 of the linking rule. Pure; part of the plan. Never lets a link vouch for an address that it was not sent to.
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

/** The carrier of the link that this login used, if the link was for the account's own address. */
function carrierOf(admitted: Admitted, { invitationCarrier }: Request): LinkCarrier | undefined {
  const address = addressOf(admitted);
  return address !== undefined && admitted.invitation?.inviteeEmail === address ? invitationCarrier : undefined;
}

/** The own proof that this login gave of the account's own address. */
function ownProofOf(admitted: Admitted): OwnProof | undefined {
  const { proof } = admitted;
  const ownProof = proof.kind === 'identity' ? proof.ownProof : undefined;
  return ownProof?.email === addressOf(admitted) ? ownProof : undefined;
}

/** The voucher that the link of an invitation is for an address; none where an application delivered it. */
function linkVoucher(carrier: LinkCarrier | undefined): 'mail' | 'operator' | undefined {
  return carrier === 'application' ? undefined : carrier;
}

/** The voucher for the address of a new account. A mailed code or link counts more than the word of a command. */
export function voucherOfNewcomer(admitted: Admitted, request: Request): Voucher | undefined {
  const { account } = admitted;
  const byLink = linkVoucher(carrierOf(admitted, request));
  const before = account.kind === 'new' ? account.vouchedBy : undefined;
  return byLink === 'operator' && before === 'mail' ? before : (byLink ?? before);
}

/**
 * The voucher that this login adds to the address of an existing account. The link out of the mail, or the code of an own proof, shows that the
 * person reads mail there. A password shows it only together with the domain's owner: the administrator who had the invitation made could
 * make an IdP of any other domain assert any address.
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

/** The address for which the inviting organization alone vouches: its application delivered the link, and may have kept it. */
export function vouchedHere(admitted: Admitted, request: Request): Email | undefined {
  return carrierOf(admitted, request) === 'application' ? addressOf(admitted) : undefined;
}

/** The voucher of the password of a sign-up. */
export function voucherOfPassword(admitted: Admitted, request: Request): 'mail' | 'operator' | undefined {
  if (admitted.proof.kind === 'sign_up' && admitted.proof.addressProved) return 'mail';
  return linkVoucher(carrierOf(admitted, request));
}

/**
 * Pre-hijacking (Sudhodanan and Paverd, "classic-federated merge"): an attacker opened the account under the owner's address, with the
 * attacker's own password, and waits until the owner comes. A login that proves the mailbox, or by which a company brings the person to the
 * account, ends every password that nobody vouches for. Where nobody had proved the address before, and a code has now, the word of a client
 * that set the password is not enough either: its own sign-up may have asked nobody.
 *
 * A password that the person showed in this login is theirs, and stays; with a link out of the mailbox it counts as proved from now on.
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
  if (proof.kind === 'identity' && proof.ownProof?.by === 'password') return {};
  const shown = proof.kind === 'account' ? proof.credential?.connectionId : undefined;
  const unproved = account.bind?.rule === 'own_proof' && own?.by === 'code' && !account.candidate.addressProved;
  return {
    ...(shown !== undefined && { provesPassword: shown }),
    endPasswords: { which: unproved ? 'unmailed' : 'unvouched', keep: shown },
  };
}
