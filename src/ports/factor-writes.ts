/**
 * Port: the writes of a login's commit to second factors. A factor that the person used is claimed: its row must still
 * accept the answer, so that two logins at once cannot use one code. No adapter decides what an answer is worth.
 */
import type { FactorKind, WebAuthnCredential } from '../domain/factors/factor.js';

/** A factor that the person used in this login. */
export interface FactorUse {
  readonly id: string;
  readonly kind: FactorKind;
  /** Of `otp`: the time step of the code; the stored one must be older. */
  readonly step?: number;
  /** Of WebAuthn: the authenticator's counter, and whether it keeps a copy elsewhere. */
  readonly signCount?: number;
  readonly backedUp?: boolean;
  /** Of `recovery-code`: the hash of the code that was used, and that of the code which replaces it. */
  readonly codeHash?: Buffer;
  readonly nextCodeHash?: Buffer;
  /** For the kind `email`: the id of the mailed code, which counts once, and its address. */
  readonly mailed?: { readonly code: string; readonly address: string };
}

/** A factor that the person set up in this login. */
export interface NewFactor {
  readonly id: string;
  readonly kind: FactorKind;
  readonly name?: string;
  /** Of `otp`: the secret in base32, and the time step of the code that confirmed it. */
  readonly secret?: string;
  readonly lastStep?: number;
  readonly codeHash?: Buffer;
  readonly credential?: WebAuthnCredential;
}

export interface FactorWrites {
  /** The method that the session records, under Auth0's name (`event.authentication.methods`). */
  readonly passed?: {
    readonly name: 'mfa';
    readonly type: FactorKind | 'federated';
    readonly timestamp: Date;
    /** Version of the account's factors after the login. Attack: a session goes by a factor that was reset since. */
    readonly revision: number;
  };
  readonly used?: readonly FactorUse[];
  readonly enrolled?: readonly NewFactor[];
}
