/** Encrypts assertions of the corpus, in every right and wrong way. */
import { constants, createCipheriv, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto';
import { ASSERTION } from './kit-documents.js';
import { DSIG } from './kit-signing.js';

const XENC = 'http://www.w3.org/2001/04/xmlenc#';
export const AES256_GCM = 'http://www.w3.org/2009/xmlenc11#aes256-gcm';
export const AES256_CBC = `${XENC}aes256-cbc`;
export const RSA_OAEP = `${XENC}rsa-oaep-mgf1p`;
export const RSA_1_5 = `${XENC}rsa-1_5`;

export interface EncryptOptions {
  readonly algorithm?: string;
  readonly keyAlgorithm?: string;
  /** Changes the encrypted bytes, or those of the key. */
  readonly cipher?: (bytes: Buffer) => Buffer;
  readonly keyCipher?: (bytes: Buffer) => Buffer;
  /** Changes the whole XML. */
  readonly patch?: (xml: string) => string;
}

function encryptContent(content: string | Buffer, algorithm: string, key: Buffer): Buffer {
  if (algorithm !== AES256_CBC) {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    return Buffer.concat([iv, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
  }
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([iv, cipher.update(content), cipher.final()]);
}

/** An EncryptedAssertion with `content` inside, for the holder of the private key to `publicKey`. */
export function encryptContentFor(
  content: string | Buffer,
  publicKey: KeyObject,
  options: EncryptOptions = {},
): string {
  const algorithm = options.algorithm ?? AES256_GCM;
  const keyAlgorithm = options.keyAlgorithm ?? RSA_OAEP;
  const key = randomBytes(32);
  const cipher = (options.cipher ?? Buffer.from)(encryptContent(content, algorithm, key));
  const padding = keyAlgorithm === RSA_1_5 ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_OAEP_PADDING;
  const wrapped = (options.keyCipher ?? Buffer.from)(publicEncrypt({ key: publicKey, padding, oaepHash: 'sha1' }, key));
  const value = (bytes: Buffer) =>
    `<xenc:CipherData><xenc:CipherValue>${bytes.toString('base64')}</xenc:CipherValue></xenc:CipherData>`;
  const encryptedKey = `<xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="${keyAlgorithm}"><ds:DigestMethod Algorithm="${DSIG}sha1"></ds:DigestMethod></xenc:EncryptionMethod>${value(wrapped)}</xenc:EncryptedKey>`;
  const data = `<xenc:EncryptedData xmlns:xenc="${XENC}" Type="${XENC}Element"><xenc:EncryptionMethod Algorithm="${algorithm}"></xenc:EncryptionMethod><ds:KeyInfo xmlns:ds="${DSIG}">${encryptedKey}</ds:KeyInfo>${value(cipher)}</xenc:EncryptedData>`;
  return (options.patch ?? String)(
    `<saml:EncryptedAssertion xmlns:saml="${ASSERTION}">${data}</saml:EncryptedAssertion>`,
  );
}
