/**
 * Input and result of the verification of a SAML response: the connection's expectations, and the proven facts. Types
 * only.
 */

export interface ExpectedResponse {
  /**
   * Entity id of the pinned IdP. The issuer of the assertion must equal it, and so must that of the response if it
   * names one.
   */
  readonly idpEntityId: string;
  /** The IdP's certificates in PEM. Any of them may have signed; an expired one is refused. */
  readonly certificates: readonly string[];
  /** Our entity id, `urn:auth0:<tenant>:<connection>` unless the connection says otherwise. */
  readonly audience: string;
  /**
   * The address to which the browser posts. Recipient must equal it; so must Destination where it is present or the
   * response is signed.
   */
  readonly acsUrl: string;
  /** Id of the answered request; undefined for an unsolicited response, which must name none. */
  readonly requestId: string | undefined;
  /** Private keys in PEM. Without any, an encrypted assertion is refused. */
  readonly decryptionKeys: readonly string[];
  /** True only for a connection that explicitly asks for SHA-1. */
  readonly allowSha1: boolean;
  /** Tolerated difference between the clocks, in milliseconds. */
  readonly clockSkewMs: number;
  readonly now: Date;
}

/** An assertion that the IdP signed, read from the signed bytes. */
export interface VerifiedAssertion {
  readonly id: string;
  readonly issuer: string;
  readonly nameId: string;
  readonly nameIdFormat?: string;
  readonly nameQualifier?: string;
  readonly spNameQualifier?: string;
  readonly sessionIndex?: string;
  /** When the assertion was issued, by the IdP's clock. */
  readonly issuedAt: Date;
  /** Values in order, by the attribute's Name. A value that is not plain text is omitted. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** When the person signed in at the IdP. */
  readonly authnInstant?: Date;
  /** When the assertion expires. */
  readonly notOnOrAfter: Date;
}
