/**
 * Signed tokens (RFC 7515 compact form, RFC 7519), always with RS256. Signatures are computed on libuv's thread pool
 * with a loaded key object, so that signing does not delay other requests. Knows nothing about claims.
 */
import { sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { assert } from '../kernel/assert.js';
import type { UnsignedToken } from '../ports/token-issuer.js';
import type { KeyRing, SigningKey } from './signing-keys.js';

const signOnThread = promisify(sign);

export type Claims = Readonly<Record<string, unknown>>;

/**
 * `at+jwt`: an access token in the form of RFC 9068. `logout+jwt`: a logout token (OpenID Connect Back-Channel Logout
 * 1.0).
 */
export type TokenKind = 'JWT' | 'at+jwt' | 'logout+jwt';

const headers: Readonly<Record<TokenKind, WeakMap<SigningKey, string>>> = {
  JWT: new WeakMap(),
  'at+jwt': new WeakMap(),
  'logout+jwt': new WeakMap(),
};

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}

function headerOf(key: SigningKey, typ: TokenKind): string {
  const known = headers[typ].get(key);
  if (known !== undefined) return known;
  const header = encode({ alg: 'RS256', typ, kid: key.kid });
  headers[typ].set(key, header);
  return header;
}

/** Bits that one character of base64url encodes. */
const BITS_OF_A_CHARACTER = 6;

/** Returns a token with these claims, ready to be signed with the key ring's current key. */
export async function prepareJwt(ring: KeyRing, claims: Claims, typ: TokenKind = 'JWT'): Promise<UnsignedToken> {
  const key = await ring.getSigner();
  const content = `${headerOf(key, typ)}.${encode(claims)}`;
  const signatureBits = key.privateKey.asymmetricKeyDetails?.modulusLength;
  assert(signatureBits, 'the signing keys are RSA keys');
  return {
    characters: content.length + '.'.length + Math.ceil(signatureBits / BITS_OF_A_CHARACTER),
    async sign() {
      const signature = await signOnThread('sha256', Buffer.from(content, 'ascii'), key.privateKey);
      return `${content}.${signature.toString('base64url')}`;
    },
  };
}

/** Returns a token with these claims, signed with the key ring's current key. */
export async function signJwt(ring: KeyRing, claims: Claims, typ: TokenKind = 'JWT'): Promise<string> {
  return (await prepareJwt(ring, claims, typ)).sign();
}

function decode(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** A token whose signature was verified with a key of the key ring. */
export interface OpenedJwt {
  readonly typ: unknown;
  readonly claims: Claims;
}

/**
 * Returns kind and claims of a token that a key of the key ring signed. Does not check the claims; undefined for any
 * other text. This server chooses the algorithm, never the header. Attacks: `alg: none`, and an HMAC made with the
 * public key (RFC 8725, 2.1). Refuses a `crit` header, since none is supported here (RFC 7515, 4.1.11).
 */
export async function openJwt(
  ring: KeyRing,
  token: string,
  { mostCharacters }: { readonly mostCharacters: number },
): Promise<OpenedJwt | undefined> {
  // Longer than any token of this server: refused unread.
  if (token.length > mostCharacters) return undefined;
  const parts = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/.exec(token);
  const [, head, body, signature] = parts ?? [];
  if (head === undefined || body === undefined || signature === undefined) return undefined;
  const header = decode(head);
  if (header?.alg !== 'RS256' || typeof header.kid !== 'string' || 'crit' in header) return undefined;
  const key = await ring.findKey(header.kid);
  if (key === undefined) return undefined;
  const genuine = verify(
    'sha256',
    Buffer.from(`${head}.${body}`, 'ascii'),
    key.publicKey,
    Buffer.from(signature, 'base64url'),
  );
  const claims = genuine ? decode(body) : undefined;
  return claims && { typ: header.typ, claims };
}
