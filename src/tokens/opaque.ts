/**
 * Authorization codes and refresh tokens: strings with the id of their owner sealed inside, so that the row is found by (user, hash) and
 * garbage never reaches the database. The store gets only the hash of the random part. Stores and logs nothing itself.
 */
import { type Entropy, hashSecret, newSecret } from '../kernel/ids.js';
import { openToken, type SecretBox, sealToken } from '../kernel/seal.js';
import type { NewOpaque, OpaqueKind, OpaqueTokens } from '../ports/token-issuer.js';

/** `box` must have the purpose `tokens`; the kind is authenticated, so a refresh token is never taken for a code. */
export function createOpaqueTokens(box: SecretBox, entropy: Entropy): OpaqueTokens {
  const draw = (kind: OpaqueKind, userId: string): NewOpaque => {
    const random = newSecret(entropy);
    return { value: sealToken(box, { u: userId, r: random }, kind), hash: hashSecret(random) };
  };
  return {
    newCode(userId) {
      const { value, hash } = draw('code', userId);
      return { code: value, codeHash: hash };
    },
    newRefreshToken: (userId) => draw('refresh', userId),
    open(kind, value) {
      const fields = openToken(box, value, kind);
      if (fields?.u === undefined || fields.r === undefined) return undefined;
      return { userId: fields.u, hash: hashSecret(fields.r) };
    },
  };
}
