/**
 * The secrets by which an answer of an OpenID Connect provider is checked. Drawn when the browser leaves; never shown,
 * never logged.
 */
import { type Entropy, newSecret } from '../../kernel/ids.js';
import type { Remembered } from '../../ports/connector.js';

export interface LoginSecrets {
  /** Transaction id and an unguessable secret: `<transaction>.<secret>` (RFC 6749 section 10.12). */
  readonly state: string;
  /** Ties the ID token to this login (OpenID Connect Core section 3.1.2.1). */
  readonly nonce: string;
  /** PKCE's secret (RFC 7636 section 4.1). */
  readonly codeVerifier: string;
}

/** Draws the secrets of a new login. */
export function newLoginSecrets(transactionId: string, entropy: Entropy): LoginSecrets {
  return {
    state: `${transactionId}.${newSecret(entropy)}`,
    nonce: newSecret(entropy),
    codeVerifier: newSecret(entropy),
  };
}

/** Reads the remembered secrets; undefined if another connector remembered something else. */
export function readLoginSecrets({ state, nonce, codeVerifier }: Remembered): LoginSecrets | undefined {
  if (typeof state !== 'string' || typeof nonce !== 'string' || typeof codeVerifier !== 'string') return undefined;
  return { state, nonce, codeVerifier };
}

/** Returns the transaction id that a `state` contains. */
export function transactionOf(state: string | undefined): string | undefined {
  return state?.split('.', 1)[0];
}
