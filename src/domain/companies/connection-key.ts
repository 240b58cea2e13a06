/**
 * The key pairs by which a connection authenticates to its identity provider (private_key_jwt, OpenID Connect Core
 * section 9): their algorithms and states. No I/O.
 */

import { findStrategy } from '../../facts/strategies.js';

/** The algorithms of these keys that Auth0's API document lists. */
export const CONNECTION_KEY_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'ES256', 'ES384'] as const;
export type ConnectionKeyAlgorithm = (typeof CONNECTION_KEY_ALGORITHMS)[number];
export const DEFAULT_CONNECTION_KEY_ALGORITHM: ConnectionKeyAlgorithm = 'RS256';

/**
 * `current` signs; `next` is already published, and signs after a rotation; `previous` signed before, and is no longer
 * published.
 */
export type ConnectionKeyTurn = 'current' | 'next' | 'previous';

/** True for a strategy with which a connection may have its own key pair. */
export function hasConnectionKeys(strategy: string): boolean {
  return findStrategy(strategy)?.hasKeys === true;
}
