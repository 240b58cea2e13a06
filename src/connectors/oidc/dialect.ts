/**
 * Where a provider differs from OpenID Connect as it is written: whose discovery document is expected, what is sent beside the protocol's
 * parameters, and whom a verified ID token names. A dialect adds checks; it cannot take one away. Verifies no signature, asks nobody.
 */
import type { JWTPayload } from 'jose';
import { expectedIssuer, type IdpDestination, withoutSlashes } from '../../domain/companies/idp-destination.js';
import type { ConnectorFailure } from '../../ports/connector.js';

/** The identity in a token's claims, which are verified. */
export interface Named {
  readonly issuer: string;
  readonly subject: string;
}

export interface Dialect {
  /** Stops another provider's document, or one for everybody, being taken for this provider's. */
  isDocumentIssuer(issuer: string): boolean;
  /** The expected issuer, in words for the administrator. */
  readonly documentIssuer: string | undefined;
  /** The document's issuer is a template: each tenant has its own, which {@link name} checks. */
  readonly isTemplate: boolean;
  /** True when an answer through the browser may say that it is from this issuer (RFC 9207). */
  isAnswerIssuer(issuer: string, documentIssuer: string): boolean;
  /**
   * True for the `issuer` of a key that may sign for people of `issuer`, where the provider names one beside each of its keys. Undefined: all
   * keys are the one issuer's.
   */
  isKeyIssuer?(keyIssuer: unknown, issuer: string): boolean;
  /** The reason why nobody can sign in yet although the provider can be asked. */
  readonly unfinished?: string;
  /** Sent with the authorization request; no option replaces them. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The identity, or the check that failed. Called after signature, audience, nonce and times. */
  name(claims: JWTPayload, documentIssuer: string): Named | ConnectorFailure;
}

/**
 * OpenID Connect as it is written (Core 3.1.3.7, Discovery 4.3): one issuer, `sub`. Documents for many tenants at once (`…/{tenantid}/…`) are
 * refused: they would admit every tenant.
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
