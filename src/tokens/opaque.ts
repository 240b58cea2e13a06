/**
 * Authorization codes and refresh tokens: strings that contain the encrypted id of their user. So their row is found by
 * user and hash, and invalid strings never cause a query. The store gets only the hash of the random part. Stores and
 * logs nothing itself.
 */
import { type Entropy, hashSecret, newSecret } from '../kernel/ids.js';
import { openToken, type SecretBox, sealToken } from '../kernel/seal.js';
import type { NewOpaque, OpaqueKind, OpaqueTokens } from '../ports/token-issuer.js';

/**
 * Returns the maker of opaque tokens. `box` must have the purpose `tokens`. The kind is authenticated, so that a
 * refresh token is never accepted as a code.
 */
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
