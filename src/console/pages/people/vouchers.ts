/**
 * Describes in sentences who vouches for an address, and how an identity was bound. Unknown codes are shown unchanged.
 * Pure.
 */

/**
 * Says who vouches for an address, from the code `mail`, `operator` or `idp`. If the code is undefined, nobody vouches.
 */
export function sayVoucher(voucher: string | undefined): string {
  if (voucher === undefined) return 'Nobody. The address is not verified.';
  if (voucher === 'mail') return 'The person, with a code or link that was emailed to the address.';
  if (voucher === 'operator') return 'An operator, or a program that has the permission.';
  if (voucher === 'idp') return 'Only the identity provider, for the sign-in in which it sent the address.';
  return voucher;
}

const BINDINGS: Readonly<Record<string, string>> = {
  silent:
    'Automatically at the first sign-in, because the address was verified on both sides and the account belonged to no other organization.',
  own_proof: 'By the person, who verified that the old account is theirs.',
  pre_provisioned: 'By the sign-in that this identity was prepared for.',
  newcomer: 'By the first sign-in, which created the account.',
  sign_up: 'By sign-up.',
};

/** Describes the rule by which an identity was bound; returns undefined if no rule is known. */
export function sayBinding(rule: string | undefined): string | undefined {
  if (rule === undefined) return undefined;
  if (rule.startsWith('management:')) return `By an operator or program (${rule.slice('management:'.length)}).`;
  if (rule.startsWith('scim:')) return 'By the company’s directory (SCIM).';
  return BINDINGS[rule] ?? rule;
}
