/**
 * The key pairs with which a connection proves to its identity provider who it is (private_key_jwt, OpenID Connect Core section 9): their
 * algorithms and turns. No I/O.
 */

import { findStrategy } from '../../facts/strategies.js';

/** As in Auth0's document. */
export const CONNECTION_KEY_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'ES256', 'ES384'] as const;
export type ConnectionKeyAlgorithm = (typeof CONNECTION_KEY_ALGORITHMS)[number];
export const DEFAULT_CONNECTION_KEY_ALGORITHM: ConnectionKeyAlgorithm = 'RS256';

/** `current` signs; `next` is published already, and signs after a rotation; `previous` did, and is published no more. */
export type ConnectionKeyTurn = 'current' | 'next' | 'previous';

/** True for a strategy whose connections may have keys of their own. */
export function hasConnectionKeys(strategy: string): boolean {
  return findStrategy(strategy)?.hasKeys === true;
}
