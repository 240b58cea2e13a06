/**
 * Port: what verifies the answer of a second factor. Pure of storage: the caller reads the factor, and claims the answer
 * at its commit. Implemented by src/connectors/factors.
 */
import type { FactorKind, TenantFactors, WebAuthnCredential } from '../domain/factors/factor.js';

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

/** A kind of factor that is a WebAuthn credential. */
export type WebAuthnKind = Extract<FactorKind, 'passkey' | 'webauthn-roaming' | 'webauthn-platform'>;

type KnownCredential = Pick<WebAuthnCredential, 'id' | 'transports'>;

/** A credential that a browser shall make. */
export interface CreationRequest {
  readonly kind: WebAuthnKind;
  /** The name of the tenant, as authenticators show it. */
  readonly site: string;
  /** `name` is the address; authenticators show both texts. `userHandle` is random, at most 64 bytes as base64url. */
  readonly person: { readonly userHandle: string; readonly name: string; readonly displayName: string };
  /** The credentials that the account has: an authenticator that has one of them makes no second. */
  readonly existing: readonly KnownCredential[];
  /** Of a security key; the other kinds always verify the person. */
  readonly keyVerification: TenantFactors['keyVerification'];
}

/** An assertion that a browser shall make. */
export interface AssertionRequest {
  readonly kind: WebAuthnKind;
  /** The credentials of the account; empty for a login without a typed address, which must name nobody. */
  readonly allowed: readonly KnownCredential[];
  readonly keyVerification: TenantFactors['keyVerification'];
}

/** Options for the browser's WebAuthn API, in the form of its `parse…OptionsFromJSON` functions. Texts are base64url. */
export interface WebAuthnOptions {
  /** New for each call. The caller keeps it, and accepts one answer to it. */
  readonly challenge: string;
  readonly [member: string]: unknown;
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
  /**
   * Says for the log why {@link findStep} refused a code: used before, or of a clock that is up to ten minutes off. The
   * person must never read it.
   */
  tellMiss(secret: string, code: string, at: Date): string;
  /** Returns the options of `navigator.credentials.create` (WebAuthn section 5.4), with a new challenge. */
  creationOptions(request: CreationRequest): WebAuthnOptions;
  /** Returns the options of `navigator.credentials.get` (WebAuthn section 5.5), with a new challenge. */
  requestOptions(request: AssertionRequest): WebAuthnOptions;
  /** Returns the id of the credential that an answer names, so that the caller can find it; undefined if it is malformed. */
  credentialIdOf(response: string): string | undefined;
  /**
   * Verifies a registration (WebAuthn section 7.1). The caller refuses a credential id that any account has, and a
   * challenge that is not the pending one of this browser. `detail` of a refusal is for the log.
   */
  register(
    answer: WebAuthnAnswer,
    expected: { readonly userHandle: string },
  ): Promise<WebAuthnVerdict<{ readonly credential: WebAuthnCredential }>>;
  /**
   * Verifies an assertion by a stored credential (WebAuthn section 7.2). The caller has found the credential among those
   * that this login accepts.
   */
  assert(
    answer: WebAuthnAnswer,
    credential: WebAuthnCredential,
    /** True for a login without a typed address: the answer must then name the user handle, and verify the person. */
    options: { readonly isDiscovered: boolean },
  ): Promise<
    WebAuthnVerdict<{
      readonly signCount: number;
      readonly backedUp: boolean;
      readonly userVerified: boolean;
      /** True when the browser says that the authenticator is another device of the person (`hybrid`). Proves nothing. */
      readonly isElsewhere?: true;
    }>
  >;
}
