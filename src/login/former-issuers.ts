/**
 * People whom a connection knows under another issuer than today's. Subjects of two issuers are unrelated: the same subject may be another
 * person, so nobody is taken for the one that the former issuer named. Pure; links nobody.
 */

import { acceptsIssuer, servesManyCompanies } from '../domain/companies/idp-destination.js';
import type { ExternalIdentity } from '../domain/people/account.js';
import type { Connection } from '../domain/tenant.js';
import { type Refusal, refuse } from './refusals.js';
import type { Trace } from './trace.js';

/** True for an issuer that the connection takes no people from any more. Of many tenants, none is another's former one. */
export function isFormer(connection: Connection, issuer: string): boolean {
  return !servesManyCompanies(connection) || !acceptsIssuer(connection, issuer);
}

/**
 * The connection's issuer was changed, and its people are bound under the former issuer. The operator has to map them
 * (docs/linking-rule.md).
 */
export function refuseFormerIssuer(
  { issuer }: ExternalIdentity,
  formerIssuer: string | undefined,
  trace: Trace,
): Refusal {
  trace.add('resolve', 'issuer_changed', 'refuse', { issuer, bound_by: formerIssuer ?? null });
  return refuse('resolve.issuer_changed', `bound as ${formerIssuer} named them, now named by ${issuer}`);
}

/**
 * The connection's issuer was changed and changed back, and the accounts were pre-provisioned again in between. This subject once opened an
 * account, which now waits for a person who proves the pre-provisioned identity. A second account would get the same id.
 */
export function refuseFormerAccount({ issuer }: ExternalIdentity, userId: string, trace: Trace): Refusal {
  trace.add('resolve', 'issuer_changed', 'refuse', { issuer, former_account: userId });
  return refuse('resolve.issuer_changed', `${userId} was opened by this subject, and is expected otherwise now`);
}
