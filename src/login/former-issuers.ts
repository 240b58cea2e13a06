/**
 * People whom a connection knows under another issuer than today's. Subjects of two issuers are unrelated: the same
 * subject may be another person, so it never identifies the former issuer's. Pure; links nobody.
 */

import { acceptsIssuer, servesManyCompanies } from '../domain/companies/idp-destination.js';
import type { ExternalIdentity } from '../domain/people/account.js';
import type { Connection } from '../domain/tenant.js';
import { type Refusal, refuse } from './refusals.js';
import type { Trace } from './trace.js';

/**
 * True for an issuer from which the connection accepts nobody any more. A connection of many companies has no former
 * issuer among those it accepts.
 */
export function isFormer(connection: Connection, issuer: string): boolean {
  return !servesManyCompanies(connection) || !acceptsIssuer(connection, issuer);
}

/** Refuses a person bound under the connection's former issuer. The operator has to map them (docs/linking-rule.md). */
export function refuseFormerIssuer(
  { issuer }: ExternalIdentity,
  formerIssuer: string | undefined,
  trace: Trace,
): Refusal {
  trace.add('resolve', 'issuer_changed', 'refuse', { issuer, bound_by: formerIssuer ?? null });
  return refuse('resolve.issuer_changed', `bound as ${formerIssuer} named them, now named by ${issuer}`);
}

/**
 * Refuses a subject that once opened an account which is now reserved for a pre-provisioned identity: the connection's
 * issuer was changed and changed back, with accounts pre-provisioned in between. A second account would get the same
 * id.
 */
export function refuseFormerAccount({ issuer }: ExternalIdentity, userId: string, trace: Trace): Refusal {
  trace.add('resolve', 'issuer_changed', 'refuse', { issuer, former_account: userId });
  return refuse('resolve.issuer_changed', `${userId} was opened by this subject, and is expected otherwise now`);
}
