/**
 * Input and result of the verification of a SAML response: the connection's expectations, and the proven facts. Types
 * only.
 */

export interface ExpectedResponse {
  /** Entity id of the pinned IdP; must equal the issuer of the assertion, and of the response where it names one. */
  readonly idpEntityId: string;
  /** PEM. Any of them may have signed; an expired one is refused. */
  readonly certificates: readonly string[];
  /** Our entity id, `urn:auth0:<tenant>:<connection>` unless the connection says otherwise. */
  readonly audience: string;
  /**
   * The address that the browser posts to. Recipient must equal it; so must Destination where it is present or the
   * response is signed.
   */
  readonly acsUrl: string;
  /** Id of the answered request; undefined for an unsolicited response, which must name none. */
  readonly requestId: string | undefined;
  /** PEM. With none, an encrypted assertion is refused. */
  readonly decryptionKeys: readonly string[];
  /** Only for a connection that explicitly asks for SHA-1. */
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
  /** By the IdP's clock. */
  readonly issuedAt: Date;
  /** By the attribute's Name; values in order. A value that is not plain text is omitted. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** Time of the sign-in at the IdP. */
  readonly authnInstant?: Date;
  /** End of the assertion's validity. */
  readonly notOnOrAfter: Date;
}
