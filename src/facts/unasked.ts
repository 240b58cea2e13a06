/**
 * The reasons for which a sign-in does not look up a member by the address (docs/linking-rule.md, parts 3 and 4), and
 * what an operator can do about each. The trace has the reason; the console and the command `explain` have the words.
 * Only data.
 */

/** The value of a fact in a trace that was not looked up: it is neither true nor false. */
export const NOT_LOOKED_UP = 'not_looked_up';

interface UnaskedWords {
  /** Follows "not looked up, because". */
  readonly because: string;
  /** The remedy if the person is a member already, in whole sentences. */
  readonly do: string;
}

export const UNASKED = {
  no_address: {
    because: 'the company sent no usable email address',
    do: 'Let the identity provider send the address: the claim email, or for SAML an attribute or a NameID that is one.',
  },
  address_not_vouched: {
    because: 'the address is not verified',
    do: 'Verify the domain for the organization and list it in the connection’s domain_aliases, or let the identity provider send email_verified: true (Entra ID: xms_edov).',
  },
  domain_proved_elsewhere: {
    because: 'another organization has verified the domain of the address',
    do: 'Only a connection of that organization can verify such addresses: invite the person with an address of their own company.',
  },
} as const satisfies Readonly<Record<string, UnaskedWords>>;

export type UnaskedReason = keyof typeof UNASKED;

/** Returns the words for the evidence of a rule; undefined if the member was looked up. */
export function findUnasked(evidence: Readonly<Record<string, unknown>>): UnaskedWords | undefined {
  const { member_with_this_address: fact, because } = evidence;
  if (fact !== NOT_LOOKED_UP || typeof because !== 'string') return undefined;
  return Object.hasOwn(UNASKED, because) ? UNASKED[because as UnaskedReason] : undefined;
}
