/**
 * Describes evidence: who vouches for an address, and how an identity was bound. Pure; unknown codes are shown
 * unchanged.
 */

/** Describes the vouchers `mail`, `operator` and `idp`. */
export function sayVoucher(voucher: string | undefined): string {
  if (voucher === undefined) return 'Nobody: the address is not verified.';
  if (voucher === 'mail') return 'The mailbox itself: a code or link that was mailed there was used.';
  if (voucher === 'operator') return 'An operator, or a program with the right to say so.';
  if (voucher === 'idp') return 'Only the identity provider that sent it, for the sign-in in which it did.';
  return voucher;
}

const BINDINGS: Readonly<Record<string, string>> = {
  silent: 'By the first sign-in: the address was vouched for on both sides, and the account belonged nowhere else.',
  own_proof: 'By the person themselves, who proved the old account as well.',
  pre_provisioned: 'By the sign-in that was expected here.',
  newcomer: 'By the first sign-in, with which the account began.',
  sign_up: 'By signing up.',
};

/** Describes the rule of a binding; undefined where it is unknown. */
export function sayBinding(rule: string | undefined): string | undefined {
  if (rule === undefined) return undefined;
  if (rule.startsWith('management:')) return `By an operator or program (${rule.slice('management:'.length)}).`;
  if (rule.startsWith('scim:')) return 'By the company’s directory (SCIM).';
  return BINDINGS[rule] ?? rule;
}
