/**
 * Parses certificates and private keys as administrators paste them: PEM, base64 of PEM (Auth0's `signingCert`), or
 * base64 of DER.
 */
import { findRsaKey } from '../../kernel/rsa-key.js';
import { parseBase64 } from './xml.js';

/** Maximum number of certificates that one connection may have. */
export const MAX_CERTIFICATES = 10;
const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]{1,12000})-----END CERTIFICATE-----/g;

function toPem(base64: string): string {
  const lines = base64.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** Finds the certificates in a text and returns them as PEM, without validating them. */
export function findCertificates(text: string): string[] {
  const blocks = [...text.matchAll(BLOCK)].map(([, base64 = '']) => toPem(base64));
  if (blocks.length > 0) return blocks.slice(0, MAX_CERTIFICATES);
  const bytes = parseBase64(text);
  if (bytes === undefined) return [];
  const inner = bytes.toString('latin1');
  return inner.startsWith('-----BEGIN CERTIFICATE') ? findCertificates(inner) : [toPem(text)];
}

export interface KeyPair {
  /** The private key in PEM. */
  readonly key: string;
  /** The certificate in PEM; undefined where only the key was given. */
  readonly cert: string | undefined;
}

/**
 * Parses Auth0's `signing_key` or `decryptionKey`: a PEM, or `{ key, cert }`, which may be stored as JSON. Undefined
 * for no usable key.
 */
export function parseKeyPair(given: unknown): KeyPair | undefined {
  const found = findRsaKey(given);
  if (found === undefined) return undefined;
  const { key, cert } = found;
  return { key, cert: typeof cert === 'string' ? findCertificates(cert)[0] : undefined };
}
