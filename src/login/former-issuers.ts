/**
 * Refuses people who are bound to an identity of a connection's former issuer. Subjects of two issuers are unrelated:
 * the same subject may be another person at the new issuer. Pure; links nobody.
 */

import { acceptsIssuer, servesManyCompanies } from '../domain/companies/idp-destination.js';
import type { ExternalIdentity } from '../domain/people/account.js';
import type { Connection } from '../domain/tenant.js';
import { type Refusal, refuse } from './refusals.js';
import type { Trace } from './trace.js';

/**
 * True for an issuer from which the connection accepts nobody any more. A connection may have many issuers at once, one
 * for each company: of these, only those that it no longer accepts.
 */
export function isFormer(connection: Connection, issuer: string): boolean {
  return !servesManyCompanies(connection) || !acceptsIssuer(connection, issuer);
}

/**
 * Refuses a person bound under the connection's former issuer. The operator has to assign them again
 * (docs/linking-rule.md, "When the issuer changes").
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
 * Refuses a subject whose old account now awaits another identity. That happens when an operator changed the
 * connection's issuer, pre-provisioned identities for its people, and changed the issuer back. A new account for the
 * subject would get the id of the old one.
 */
export function refuseFormerAccount({ issuer }: ExternalIdentity, userId: string, trace: Trace): Refusal {
  trace.add('resolve', 'issuer_changed', 'refuse', { issuer, former_account: userId });
  return refuse('resolve.issuer_changed', `${userId} was opened by this subject, and is expected otherwise now`);
}
