/** Shows a discovery domain in answers, and checks whether one may become verified. Never changes a valid proof. */
import { describeProblem, isFresh, verificationHost } from '../../domain/companies/domain-proof.js';
import { sayPublicUse } from '../../domain/companies/public-mail.js';
import { parseDomain } from '../../domain/people/email.js';
import type { DomainRecord } from '../../ports/directory/organizations.js';
import { badBody, conflict, noDomain } from '../api/errors.js';
import type { Call, Wire } from '../api/operation.js';
import { replyOf, rowsOf, viewOf, wordOf } from '../api/wire.js';
import { getOrganization } from '../organizations/organization-of-path.js';
import { DOMAIN_FIELDS } from './fields.js';

export const ELSEWHERE = 'The domain has been verified by another organization.';

interface ShownDomain extends DomainRecord {
  /** The proof of a verified domain; undefined for any other. */
  readonly shownProof: DomainRecord['proof'] | undefined;
  readonly host: string;
}

/** A domain in answers. For a pending domain that was never checked, the shape is exactly Auth0's. */
const DOMAIN = viewOf<ShownDomain>({
  id: ['string', ({ id }) => id],
  domain: ['string', ({ domain }) => domain],
  ...rowsOf(DOMAIN_FIELDS),
  verification_txt: ['string', ({ verificationTxt }) => verificationTxt],
  verification_host: ['string', ({ host }) => host],
  'proof?': [wordOf('dns', 'operator'), ({ shownProof }) => shownProof?.kind],
  'verified_at?': ['string', ({ shownProof }) => shownProof?.verifiedAt?.toISOString()],
  'checked_at?': ['string', ({ shownProof }) => shownProof?.checkedAt?.toISOString()],
  'expires_at?': ['string', ({ shownProof }) => shownProof?.expiresAt?.toISOString()],
  'check?': [
    replyOf({ result: 'string', message: 'string' }),
    ({ problem, host }) => problem && { result: problem, message: describeProblem(problem, host) },
  ],
});
export const DOMAIN_REPLY = DOMAIN.schema;

/**
 * Converts a domain for an answer. At the time `now`, a domain with an expired proof is pending, even if no node has
 * checked it since.
 */
export function toDomainWire(domain: DomainRecord, now: Date): Wire {
  const host = verificationHost(domain.organizationId, domain.domain);
  const isVerified = domain.status === 'verified' && isFresh(domain.proof.expiresAt, now);
  const status = isVerified ? 'verified' : 'pending';
  return DOMAIN.show({ ...domain, status, shownProof: isVerified ? domain.proof : undefined, host });
}

/**
 * Throws 400 for a domain of a public mail provider. Attack: one organization vouches for everybody's mailboxes there.
 */
export function checkIsNotPublic(domain: string): void {
  const publicUse = sayPublicUse(domain);
  if (publicUse !== undefined) throw badBody(`${publicUse}: no organization can verify it.`);
}

/**
 * Throws 400 or 409 for a domain that this organization cannot verify, so that two organizations never have one
 * verified domain. A 409 reveals another customer. So this is checked only when an operator vouches for the domain, or
 * after its owner has published the DNS record.
 */
async function checkMayVerify(call: Call, organizationId: string, domain: string): Promise<void> {
  checkIsNotPublic(domain);
  if (await call.directory.organizations.isProvedElsewhere(organizationId, domain, call.now)) throw conflict(ELSEWHERE);
}

/**
 * Prepares the storing of a proof: runs the checks, and removes expired proofs that no node has checked since. When two
 * requests verify one domain at the same time, a unique index decides which succeeds. Returns details for the log line.
 */
export async function makeWay(call: Call, organizationId: string, domain: string): Promise<Wire> {
  await checkMayVerify(call, organizationId, domain);
  const ended = await call.directory.organizations.endStaleProofs(organizationId, domain, call.now);
  return ended.length > 0 ? { ended_proofs_of: ended } : {};
}

/** Returns the domain in the path, which may name it by its id or by the domain itself. Throws 404. */
export async function getDomain(call: Call): Promise<DomainRecord> {
  const organization = await getOrganization(call);
  const { organizations } = call.directory;
  const name = call.params.discovery_domain;
  const domain =
    name === undefined
      ? await organizations.findDomain(organization.id, call.params.discovery_domain_id ?? '')
      : await organizations.findDomainByName(organization.id, parseDomain(name) ?? '');
  if (domain === undefined) throw noDomain();
  return domain;
}
