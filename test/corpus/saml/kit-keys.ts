/**
 * Keys and certificates of the corpus, generated in every process. The certificates are written as DER by hand: the corpus needs wrong
 * ones, and no certificate of it ever leaves the tests.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface Signer {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** PEM, self-signed. */
  readonly certificate: string;
}

/** Years of validity of a certificate, both ends on the first of January. */
export interface Years {
  readonly from: number;
  readonly to: number;
}

const VALID: Years = { from: 2020, to: 2040 };
const RSA_SHA256 = '300d06092a864886f70d01010b0500';
const ECDSA_SHA256 = '300a06082a8648ce3d040302';
const COMMON_NAME = '0603550403';

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  return Buffer.concat([Buffer.from([tag, 0x82, body.length >> 8, body.length & 255]), body]);
}

const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts);
const january = (year: number) => der(0x17, Buffer.from(`${String(year).slice(2)}0101000000Z`));

/** A self-signed certificate (PEM) of `privateKey` under the common name `name`. */
export function createCertificate(privateKey: KeyObject, name: string, years: Years = VALID): string {
  const algorithm = Buffer.from(privateKey.asymmetricKeyType === 'ec' ? ECDSA_SHA256 : RSA_SHA256, 'hex');
  const subject = sequence(der(0x31, sequence(Buffer.from(COMMON_NAME, 'hex'), der(0x0c, Buffer.from(name)))));
  const validity = sequence(january(years.from), january(years.to));
  const key = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const version = der(0xa0, Buffer.from([2, 1, 2]));
  const content = sequence(version, Buffer.from([2, 1, 1]), algorithm, subject, validity, subject, key);
  const bits = der(0x03, Buffer.from([0]), sign('sha256', content, privateKey));
  const text = sequence(content, algorithm, bits).toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${text.trim()}\n-----END CERTIFICATE-----\n`;
}

/** A new key with its certificate; RSA of 2048 bits unless it says otherwise. */
export function createSigner(name: string, kind: 'rsa' | 'ec' = 'rsa'): Signer {
  const { privateKey, publicKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { privateKey, publicKey, certificate: createCertificate(privateKey, name) };
}

/** The base64 within a PEM certificate, as KeyInfo has it. */
export function bodyOf(certificate: string): string {
  return certificate.replace(/-----[A-Z ]+-----|\n/g, '');
}
