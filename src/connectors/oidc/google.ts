/**
 * Google's dialect (strategy `google-apps`). Every Google account has the same issuer, so only `hd` says which company
 * an account belongs to. The subject is `sub`: an address may later belong to another person.
 * Source: developers.google.com/identity/openid-connect/openid-connect, "hd" and "An ID token's payload".
 */
import type { JWTPayload } from 'jose';
import { findForeignWorkspace } from '../../domain/companies/foreign-company.js';
import { GOOGLE_ISSUER } from '../../domain/companies/google-workspace.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { Dialect, Named } from './dialect.js';
import { fail } from './failure.js';

function nameGoogle(domains: readonly string[], { hd, sub }: JWTPayload): Named | ConnectorFailure {
  const foreign = findForeignWorkspace(domains, { hd });
  if (foreign !== undefined) return fail('invalid', `id_token.${foreign.claim}`, foreign.detail);
  return { issuer: GOOGLE_ISSUER, subject: sub ?? '' };
}

/**
 * Creates the dialect for accounts of these domains. The parameter `hd` is only a convenience: it makes Google show
 * matching accounts.
 */
export function googleDialect(domains: readonly string[]): Dialect {
  const [only, ...others] = domains;
  return {
    isDocumentIssuer: (issuer) => issuer === GOOGLE_ISSUER,
    documentIssuer: GOOGLE_ISSUER,
    isTemplate: false,
    isAnswerIssuer: (issuer) => issuer === GOOGLE_ISSUER,
    parameters: { hd: only !== undefined && others.length === 0 ? only : '*' },
    name: (claims) => nameGoogle(domains, claims),
  };
}
