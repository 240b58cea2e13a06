/**
 * A self-signed certificate around a key pair, for protocols that publish public keys as certificates (SAML metadata).
 * Proves nothing by itself: its recipient has to trust this very certificate. Writes the DER of X.509 (RFC 5280) by
 * hand: nine values, in a fixed order.
 */
import { generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Entropy } from './ids.js';

function toDer(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length = Buffer.from(content.length.toString(16).padStart(content.length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => toDer(0x30, ...parts);
const oid = (hex: string): Buffer => toDer(0x06, Buffer.from(hex, 'hex'));

/** Encodes a positive INTEGER: a leading zero if the first bit is set. */
function toInteger(bytes: Buffer): Buffer {
  return toDer(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** Encodes a time (RFC 5280 section 4.1.2.5): UTCTime to the end of 2049, GeneralizedTime after it. */
function toTime(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/[-:T]|\.\d+/g, '')}`;
  return date.getUTCFullYear() < 2050
    ? toDer(0x17, Buffer.from(digits.slice(2), 'ascii'))
    : toDer(0x18, Buffer.from(digits, 'ascii'));
}

/** Encodes the signature algorithm: sha256WithRSAEncryption or ecdsa-with-SHA256. */
function algorithmOf(key: KeyObject): Buffer {
  return key.asymmetricKeyType === 'ec'
    ? sequence(oid('2a8648ce3d040302'))
    : sequence(oid('2a864886f70d01010b'), toDer(0x05));
}

export interface SelfSigned {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Common name of the certificate's subject and issuer. */
  readonly commonName: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Bytes of the serial number; at most 19 are used, after a byte that makes the number positive. */
  readonly serial: Buffer;
}

/** Returns the certificate as PEM. Accepts an RSA key, or one of the curves P-256 and P-384. */
export function toSelfSigned({ privateKey, publicKey, commonName, notBefore, notAfter, serial }: SelfSigned): string {
  const name = sequence(toDer(0x31, sequence(oid('550403'), toDer(0x0c, Buffer.from(commonName, 'utf8')))));
  const algorithm = algorithmOf(privateKey);
  const positive = Buffer.concat([Buffer.from([0x01]), serial.subarray(0, 19)]);
  const content = sequence(
    toDer(0xa0, toInteger(Buffer.from([2]))),
    toInteger(positive),
    algorithm,
    name,
    sequence(toTime(notBefore), toTime(notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = toDer(0x03, Buffer.from([0]), sign('sha256', content, privateKey));
  const base64 = sequence(content, algorithm, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** Size of a new RSA key in bits. */
const BITS = 2048;

export type PairKind = 'rsa' | 'P-256' | 'P-384';

function newPair(kind: PairKind): Promise<{ readonly privateKey: KeyObject; readonly publicKey: KeyObject }> {
  const generate = promisify(generateKeyPair);
  return kind === 'rsa' ? generate('rsa', { modulusLength: BITS }) : generate('ec', { namedCurve: kind });
}

/** Makes a key pair, RSA by default, with a certificate around it; both PEM, the key PKCS #8. Takes up to a second. */
export async function newSelfSignedPair(
  entropy: Entropy,
  about: Pick<SelfSigned, 'commonName' | 'notBefore' | 'notAfter'>,
  kind: PairKind = 'rsa',
): Promise<{ readonly privatePem: string; readonly certificate: string }> {
  const keys = await newPair(kind);
  const certificate = toSelfSigned({ ...keys, ...about, serial: entropy.bytes(16) });
  return { privatePem: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate };
}
