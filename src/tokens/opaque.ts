/**
 * Opaque tokens. Authorization codes and refresh tokens contain the encrypted id of their user, so that their row is
 * found by user and hash, and invalid strings never cause a query; the store gets only the hash of the random part. An
 * access token for /userinfo contains its encrypted claims, and has no row. Stores and logs nothing itself.
 */
import { type Entropy, hashSecret, newSecret } from '../kernel/ids.js';
import { openToken, type SecretBox, sealToken } from '../kernel/seal.js';
import {
  MAX_ACCESS_TOKEN_CHARACTERS,
  type NewOpaque,
  type OpaqueKind,
  type OpaqueTokens,
} from '../ports/token-issuer.js';
import type { OpenedJwt } from './jwt.js';

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

/** Authenticated with each opaque access token. */
const ACCESS_TOKEN = 'access token';

/** Returns an opaque access token with these claims. `box` must have the purpose `access-tokens`. */
export function sealAccessToken(box: SecretBox, claims: OpenedJwt['claims']): string {
  return box.seal(JSON.stringify(claims), ACCESS_TOKEN).toString('base64url');
}

/**
 * Returns the claims of an opaque access token in the form of an opened JWT; undefined for any text that this server did
 * not seal as one. Does not check the claims. Attack: a refresh token or a code is sent as an access token; those have a
 * key of their own.
 */
export function openAccessToken(box: SecretBox, token: string): OpenedJwt | undefined {
  if (token.length > MAX_ACCESS_TOKEN_CHARACTERS || !/^[A-Za-z0-9_-]+$/.test(token)) return undefined;
  const plain = box.open(Buffer.from(token, 'base64url'), ACCESS_TOKEN);
  return plain === undefined ? undefined : { typ: 'JWT', claims: JSON.parse(plain) as OpenedJwt['claims'] };
}
