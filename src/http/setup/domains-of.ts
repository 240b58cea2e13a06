/** Tells whether an organization's proof that it owns a domain is valid now. Pure. */
import { isFresh } from '../../domain/companies/domain-proof.js';
import type { DomainRecord } from '../../ports/directory/organizations.js';

/** True while logins count the domain as proved. */
export function isProvedNow({ status, proof }: DomainRecord, now: Date): boolean {
  return status === 'verified' && isFresh(proof.expiresAt, now);
}
