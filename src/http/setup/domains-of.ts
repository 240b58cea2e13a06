/** Tells whether an organization's proof of a discovery domain is valid now. Pure. */
import { isFresh } from '../../domain/companies/domain-proof.js';
import type { DomainRecord } from '../../ports/directory/organizations.js';

/** True while the domain counts as proved in a login. */
export function isProvedNow({ status, proof }: DomainRecord, now: Date): boolean {
  return status === 'verified' && isFresh(proof.expiresAt, now);
}
