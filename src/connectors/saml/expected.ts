/** Input and result of the verification of a SAML response: what a connection expects, and what was proved. Types only. */

export interface ExpectedResponse {
  /** The IdP that this connection pins: the issuer of the assertion, and of the response where it names one, must equal it. */
  readonly idpEntityId: string;
  /** PEM. Any one of them may have signed; one that is expired is refused. */
  readonly certificates: readonly string[];
  /** Our entity id, `urn:auth0:<tenant>:<connection>` unless the connection says otherwise. */
  readonly audience: string;
  /** The address that the browser posts to: Recipient, and Destination where it is there or the response is signed, must equal it. */
  readonly acsUrl: string;
  /** The request that is answered; undefined for an unsolicited response, which must name none. */
  readonly requestId: string | undefined;
  /** PEM. With none, an encrypted assertion is refused. */
  readonly decryptionKeys: readonly string[];
  /** Only for a connection that asks for SHA-1 in so many words. */
  readonly allowSha1: boolean;
  /** Greatest difference of the clocks, in milliseconds. */
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
  /** By the attribute's Name; values in their order. A value that is not plain text is left out. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** When the person signed in at the IdP. */
  readonly authnInstant?: Date;
  /** From then on the assertion proves nothing. */
  readonly notOnOrAfter: Date;
}
