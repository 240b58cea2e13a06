/**
 * Port: what verifies the answer of a second factor. Pure of storage: the caller reads the factor, and claims the answer
 * at its commit. Implemented by src/connectors/factors.
 */
import type { WebAuthnCredential } from '../domain/factors/factor.js';

/** The site for which credentials are made: the host of this server. */
export interface RelyingParty {
  /** The host name, without a port (WebAuthn section 5.4.2). */
  readonly id: string;
  readonly origin: string;
}

/** An answer of the browser's WebAuthn API, as JSON text. */
export interface WebAuthnAnswer {
  readonly response: string;
  /** The challenge that the server made for it, base64url. */
  readonly challenge: string;
  /** True when the authenticator must have verified the person (PIN, fingerprint). */
  readonly mustVerify: boolean;
}

export type WebAuthnVerdict<Good> = ({ readonly ok: true } & Good) | { readonly ok: false; readonly detail: string };

export interface FactorChecks {
  /** Returns a new secret for an authenticator app: 160 bits in base32 (RFC 4226 section 4). */
  newSecret(): string;
  /** Returns the address that an authenticator app reads, as in a QR code. `issuer`: the tenant; `account`: the person. */
  secretUri(secret: string, issuer: string, account: string): string;
  /**
   * Returns the time step of a code; undefined for a wrong code. Accepts one step to either side, and only a step after
   * `lastStep` (RFC 6238 section 5.2). Compares in constant time.
   */
  findStep(secret: string, code: string, at: Date, lastStep: number | undefined): number | undefined;
  /** Returns the id of the credential that an answer names, so that the caller can find it; undefined if it is malformed. */
  credentialIdOf(response: string): string | undefined;
  /** Verifies a registration (WebAuthn section 7.1). */
  register(
    answer: WebAuthnAnswer,
    expected: { readonly userHandle: string },
  ): Promise<WebAuthnVerdict<{ readonly credential: WebAuthnCredential }>>;
  /** Verifies an assertion by a stored credential (WebAuthn section 7.2). */
  assert(
    answer: WebAuthnAnswer,
    credential: WebAuthnCredential,
    /** True for a login without a typed address: the answer must then name the user handle. */
    options: { readonly isDiscovered: boolean },
  ): Promise<
    WebAuthnVerdict<{ readonly signCount: number; readonly backedUp: boolean; readonly userVerified: boolean }>
  >;
}
