/**
 * Parts 3 and 4 of the linking rule: who vouches for the address in an identity provider's answer. Pure; links nobody.
 * Never believes a provider about the people of another organization, nor one that a customer chose about an address
 * outside the domains that this customer proved by DNS.
 */
import { proofEvidence } from '../domain/companies/domain-proof.js';
import { isDomainProved } from '../domain/companies/idp-destination.js';
import type { ExternalIdentity, Invitation } from '../domain/people/account.js';
import { type Email, emailDomain, parseEmail } from '../domain/people/email.js';
import type { OrganizationConnection } from '../domain/tenant.js';
import type { Candidates } from '../ports/login-store.js';
import type { Resolved } from './stages.js';
import type { Trace } from './trace.js';

/** The address in the IdP's answer and its vouchers (rules 3 and 4). */
export interface Vouching {
  readonly email: Email | undefined;
  /** The organization has proved the address's domain and trusts this connection for exactly that domain. */
  readonly byDomain: boolean;
  /** The IdP sends `email_verified` as the boolean true, for a domain that no other organization has proved. */
  readonly byIdp: boolean;
}

/** Applies rules 3 and 4: the address parses strictly, and an accepted source vouches for it. */
export function vouchFor(
  identity: ExternalIdentity,
  enablement: OrganizationConnection,
  candidates: Candidates,
  trace: Trace,
): Vouching {
  const email = parseEmail(identity.email);
  if (email === undefined) {
    trace.add('resolve', 'address_strict', 'refuse', { email: identity.email ?? null });
    return { email, byDomain: false, byIdp: false };
  }
  trace.add('resolve', 'address_strict', 'pass', { email });
  const domain = emailDomain(email);
  const byDomain = isDomainProved(enablement, domain);
  const byCustomer = enablement.connection.managedByOrganization !== undefined;
  // A verified flag counts for nothing when another organization has proved the domain (cross-customer impersonation).
  // It counts for nothing either where a customer made the connection. Attack: its administrator lets the provider say
  // that the address of a member is verified, and becomes that member.
  const byIdp = identity.emailVerified && !candidates.domainProvedElsewhere && !byCustomer;
  trace.add('resolve', 'address_vouched', byDomain || byIdp ? 'pass' : 'refuse', {
    domain,
    domain_proved_here: byDomain,
    ...proofEvidence(enablement.proofs?.[domain]),
    domain_proved_elsewhere: candidates.domainProvedElsewhere,
    idp_email_verified: identity.emailVerified,
    ...(byCustomer && { connection_of_customer: true }),
  });
  return { email, byDomain, byIdp };
}

/** True when the invitation is for this address and, if it names a connection, for this one. */
export function invitationFits(invitation: Invitation, email: Email | undefined, connectionId: string): boolean {
  return (
    email === invitation.inviteeEmail &&
    (invitation.connectionId === undefined || invitation.connectionId === connectionId)
  );
}

/**
 * True when the claims of this sign-in are believed: always of a connection that the operators made; of a customer's
 * only for a person whose address is in a domain that the customer proved by DNS. Attack: an administrator lets the
 * provider claim what a condition or a rule about second factors asks for, for anybody at all.
 */
export function believesClaims({
  enablement,
  organization,
  assertedBy,
}: Pick<Resolved, 'enablement' | 'organization' | 'assertedBy'>): boolean {
  if (enablement.connection.managedByOrganization === undefined) return true;
  return organization !== undefined && assertedBy === organization.id;
}
