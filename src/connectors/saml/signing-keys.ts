/**
 * The certificates that a connection pins, and the algorithms allowed with them. A key that comes with a message is
 * never used: a forger can enclose a certificate too. HMAC is not supported. Attack: key confusion, with the public
 * certificate as the secret.
 */
import { createHash, type KeyObject, verify, X509Certificate } from 'node:crypto';

/** Signature methods (RFC 9231 and XML Signature 1.1, section 6.4). */
const SIGNATURES: Readonly<
  Record<string, { readonly hash: string; readonly type: 'rsa' | 'ec'; readonly old?: true }>
> = {
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': { hash: 'sha256', type: 'rsa' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384': { hash: 'sha384', type: 'rsa' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': { hash: 'sha512', type: 'rsa' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256': { hash: 'sha256', type: 'ec' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384': { hash: 'sha384', type: 'ec' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512': { hash: 'sha512', type: 'ec' },
  'http://www.w3.org/2000/09/xmldsig#rsa-sha1': { hash: 'sha1', type: 'rsa', old: true },
};

const DIGESTS: Readonly<Record<string, { readonly hash: string; readonly old?: true }>> = {
  'http://www.w3.org/2001/04/xmlenc#sha256': { hash: 'sha256' },
  'http://www.w3.org/2001/04/xmldsig-more#sha384': { hash: 'sha384' },
  'http://www.w3.org/2001/04/xmlenc#sha512': { hash: 'sha512' },
  'http://www.w3.org/2000/09/xmldsig#sha1': { hash: 'sha1', old: true },
};

/** Shortest RSA key, in bits (NIST SP 800-131A). */
const MIN_RSA_BITS = 2048;

/** True for a supported signature method; SHA-1 only where the connection asks for it. */
export function isSignatureAlgorithm(name: string, allowSha1: boolean): boolean {
  return Object.hasOwn(SIGNATURES, name) && (allowSha1 || SIGNATURES[name]?.old !== true);
}

/** True for a supported digest method; SHA-1 only where the connection asks for it. */
export function isDigestAlgorithm(name: string, allowSha1: boolean): boolean {
  return Object.hasOwn(DIGESTS, name) && (allowSha1 || DIGESTS[name]?.old !== true);
}

/** Computes a digest, by a method that {@link isDigestAlgorithm} accepts. */
export function digestOf(name: string, text: string): Buffer {
  return createHash(DIGESTS[name]?.hash ?? 'sha256')
    .update(text, 'utf8')
    .digest();
}

export interface PinnedCertificate {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

function isStrong(key: KeyObject): boolean {
  if (key.asymmetricKeyType === 'ec') return true;
  return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS;
}

/** Parses a certificate (PEM) whose key can verify; undefined for any other text. */
export function parseCertificate(pem: string): PinnedCertificate | undefined {
  try {
    const certificate = new X509Certificate(pem);
    const key = certificate.publicKey;
    return isStrong(key) ? { certificate, key } : undefined;
  } catch {
    return undefined;
  }
}

/** Parses a list of certificates and drops unusable ones. */
export function parseCertificates(pems: readonly string[]): readonly PinnedCertificate[] {
  return pems.map(parseCertificate).filter((one) => one !== undefined);
}

function fits(name: string, key: KeyObject, text: string, signature: Buffer): boolean {
  const method = SIGNATURES[name];
  if (method === undefined || key.asymmetricKeyType !== method.type) return false;
  try {
    // XML Signature concatenates r and s instead of using DER (RFC 9231 section 2.3.6).
    return verify(method.hash, Buffer.from(text, 'utf8'), { key, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    return false;
  }
}

/** Finds the pinned certificate whose key made this signature of `text`. */
export function findSigner(
  pinned: readonly PinnedCertificate[],
  algorithm: string,
  text: string,
  signature: Buffer,
): PinnedCertificate | undefined {
  return pinned.find(({ key }) => fits(algorithm, key, text, signature));
}

/** Returns a short fingerprint for an administrator: SHA-256 of the certificate's bytes, as IdPs show it. */
export function fingerprintOf(certificate: Buffer): string {
  return createHash('sha256').update(certificate).digest('hex').toUpperCase().slice(0, 16);
}
