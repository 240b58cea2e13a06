/**
 * The differences of a provider from standard OpenID Connect: the issuer of its discovery document, its extra
 * parameters, and the identity that a verified ID token names. A dialect can add checks, never remove one. Verifies no
 * signature and sends no request.
 */
import type { JWTPayload } from 'jose';
import { expectedIssuer, type IdpDestination, withoutSlashes } from '../../domain/companies/idp-destination.js';
import type { ConnectorFailure } from '../../ports/connector.js';

/** Issuer and subject that verified claims name. */
export interface Named {
  readonly issuer: string;
  readonly subject: string;
}

export interface Dialect {
  /**
   * True for an issuer that this provider's discovery document may have. Stops the document of another provider, or a
   * generic multi-tenant one, from being accepted.
   */
  isDocumentIssuer(issuer: string): boolean;
  /** The expected issuer as a text for the administrator; it may be a description. */
  readonly documentIssuer: string | undefined;
  /** True if the document's issuer is a template: each tenant has its own issuer, which {@link name} checks. */
  readonly isTemplate: boolean;
  /** True when a browser's answer may name `issuer` as its sender (RFC 9207). */
  isAnswerIssuer(issuer: string, documentIssuer: string): boolean;
  /**
   * True when a key may sign for users of `issuer`; `keyIssuer` is the property `issuer` of the key. Undefined for a
   * provider whose keys have no such property: then all keys belong to its one issuer.
   */
  isKeyIssuer?(keyIssuer: unknown, issuer: string): boolean;
  /** Why nobody can sign in yet, although the provider answers. */
  readonly unfinished?: string;
  /** Parameters of the authorization request that no option replaces. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Returns the identity, or the failed check. Called after signature, audience, nonce and times were checked. */
  name(claims: JWTPayload, documentIssuer: string): Named | ConnectorFailure;
}

/**
 * Creates the dialect of standard OpenID Connect (Core 3.1.3.7, Discovery 4.3): one issuer, subject `sub`. Documents
 * for many tenants (`…/{tenantid}/…`) are refused, because they would admit users of every tenant.
 */
export function standardDialect(destination: IdpDestination): Dialect {
  const expected = expectedIssuer(destination);
  return {
    isDocumentIssuer: (issuer) => withoutSlashes(issuer) === expected,
    documentIssuer: expected,
    isTemplate: false,
    isAnswerIssuer: (issuer, ofDocument) => issuer === ofDocument,
    parameters: {},
    name: ({ sub }, issuer) => ({ issuer, subject: sub ?? '' }),
  };
}
