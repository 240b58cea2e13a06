/**
 * Parses the key of a client credential: a public RSA key (SPKI or PKCS #1) or an X.509 certificate, in PEM. Refuses
 * keys that prove nothing (short keys, an exponent of 1), and private keys, which should never leave their owner.
 * Stores nothing.
 */
import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { badBody } from '../api/errors.js';

const MAX_PEM_LENGTH = 16_384;
/**
 * Accepted length of RSA keys in bits. NIST SP 800-131A disallows shorter keys; longer ones only take more time to
 * check.
 */
const MODULUS_BITS = { least: 2048, most: 8192 } as const;
/**
 * Accepted range of RSA exponents. With an exponent of 1 every text is its own signature; very large ones only take
 * more time.
 */
const EXPONENTS = { least: 3n, most: 2n ** 32n } as const;

interface PublicKey {
  /** The public key in PEM (SubjectPublicKeyInfo). */
  readonly publicKey: string;
  /** The key's thumbprint by RFC 7638, which is the default key id. */
  readonly thumbprint: string;
  readonly certificate: { readonly expiresAt: Date; readonly thumbprint: string } | undefined;
}

function readPem(pem: string): { key: KeyObject; certificate: X509Certificate | undefined } {
  if (/PRIVATE KEY/.test(pem))
    throw badBody(
      'pem holds a private key. Send the public key alone, and replace this pair: a private key that was sent is not private any more.',
    );
  try {
    if (!pem.includes('BEGIN CERTIFICATE')) return { key: createPublicKey(pem), certificate: undefined };
    const certificate = new X509Certificate(pem);
    return { key: certificate.publicKey, certificate };
  } catch {
    throw badBody('pem is neither a PEM-encoded public key nor a certificate.');
  }
}

function checkStrength(key: KeyObject): void {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== 'rsa') throw badBody('pem must hold an RSA key: RS256, RS384 and PS256 need one.');
  if (modulusLength < MODULUS_BITS.least || modulusLength > MODULUS_BITS.most)
    throw badBody(`The RSA key must have ${MODULUS_BITS.least} to ${MODULUS_BITS.most} bits.`);
  if (publicExponent < EXPONENTS.least || publicExponent > EXPONENTS.most)
    throw badBody('The exponent of the RSA key is not one that can be relied on; 65537 is usual.');
}

/** Returns the thumbprint by RFC 7638: a hash over the required members of the key in alphabetical order. */
function toThumbprint(key: KeyObject): string {
  const { e, kty, n } = key.export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
}

/** Parses the public key in `pem`. Throws 400. */
export function parsePublicKey(pem: string | undefined): PublicKey {
  if (pem === undefined || pem === '') throw badBody("Payload validation error: 'Missing required property: pem'.");
  if (pem.length > MAX_PEM_LENGTH) throw badBody(`pem is longer than ${MAX_PEM_LENGTH} characters.`);
  const { key, certificate } = readPem(pem);
  checkStrength(key);
  return {
    publicKey: key.export({ type: 'spki', format: 'pem' }).toString(),
    thumbprint: toThumbprint(key),
    certificate: certificate && {
      expiresAt: new Date(certificate.validTo),
      thumbprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    },
  };
}
