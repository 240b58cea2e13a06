/**
 * Decrypts an assertion (XML Encryption) with keys of the service provider. Every failure gives the same answer.
 * Attack: AES-CBC, the most frequent choice of IdPs, becomes a decryption oracle if answers tell wrong padding from a
 * wrong document (Jager and Somorovsky, CCS 2011). For the same reason RSA PKCS#1 1.5 is not supported
 * (Bleichenbacher).
 */
import { constants, createDecipheriv, type KeyObject, privateDecrypt } from 'node:crypto';
import {
  attributeOf,
  childrenOf,
  DSIG,
  elementsOf,
  findChildren,
  findOnly,
  parseBase64,
  textOf,
  XMLENC,
} from './xml.js';

const XMLENC11 = 'http://www.w3.org/2009/xmlenc11#';
/**
 * Maximum number of encrypted keys of an assertion, and of our own keys. Every pair is tried, so more would be costly.
 */
const MAX_KEYS = 4;

const CONTENT: Readonly<Record<string, { readonly cipher: string; readonly keyBytes: number; readonly gcm: boolean }>> =
  {
    [`${XMLENC}aes128-cbc`]: { cipher: 'aes-128-cbc', keyBytes: 16, gcm: false },
    [`${XMLENC}aes192-cbc`]: { cipher: 'aes-192-cbc', keyBytes: 24, gcm: false },
    [`${XMLENC}aes256-cbc`]: { cipher: 'aes-256-cbc', keyBytes: 32, gcm: false },
    [`${XMLENC11}aes128-gcm`]: { cipher: 'aes-128-gcm', keyBytes: 16, gcm: true },
    [`${XMLENC11}aes192-gcm`]: { cipher: 'aes-192-gcm', keyBytes: 24, gcm: true },
    [`${XMLENC11}aes256-gcm`]: { cipher: 'aes-256-gcm', keyBytes: 32, gcm: true },
  };

/**
 * Digests of RSA-OAEP. Node uses one hash for both the label and MGF1, so a mix other than SHA-1 with SHA-1 is not
 * supported.
 */
const OAEP: Readonly<Record<string, string>> = {
  [`${DSIG}sha1`]: 'sha1',
  [`${XMLENC}sha256`]: 'sha256',
  [`${XMLENC}sha512`]: 'sha512',
};
const MGF: Readonly<Record<string, string>> = {
  sha1: `${XMLENC11}mgf1sha1`,
  sha256: `${XMLENC11}mgf1sha256`,
  sha512: `${XMLENC11}mgf1sha512`,
};

function cipherBytes(element: Element): Buffer | undefined {
  const data = findOnly(element, XMLENC, 'CipherData');
  const value = data && findOnly(data, XMLENC, 'CipherValue');
  return parseBase64(textOf(value) ?? '');
}

function algorithmOf(element: Element): { readonly name: string; readonly method: Element } | undefined {
  const method = findOnly(element, XMLENC, 'EncryptionMethod');
  return method && { name: attributeOf(method, 'Algorithm') ?? '', method };
}

function oaepHashOf(name: string, method: Element): string | undefined {
  const digest = findOnly(method, DSIG, 'DigestMethod');
  const hash = digest === undefined ? 'sha1' : OAEP[attributeOf(digest, 'Algorithm') ?? ''];
  if (name === `${XMLENC}rsa-oaep-mgf1p`) return hash === 'sha1' ? hash : undefined;
  if (name !== `${XMLENC11}rsa-oaep` || hash === undefined) return undefined;
  const mgf = findOnly(method, XMLENC11, 'MGF');
  const chosen = mgf === undefined ? MGF.sha1 : attributeOf(mgf, 'Algorithm');
  return chosen === MGF[hash] ? hash : undefined;
}

/** Yields the content key of one EncryptedKey, if one of this server's keys decrypts it. */
function* openKey(encrypted: Element, keys: readonly KeyObject[]): Generator<Buffer> {
  const algorithm = algorithmOf(encrypted);
  const oaepHash = algorithm && oaepHashOf(algorithm.name, algorithm.method);
  const bytes = cipherBytes(encrypted);
  if (oaepHash === undefined || bytes === undefined) return;
  for (const key of keys) {
    try {
      yield privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, bytes);
    } catch {
      // Continues with the next key: this EncryptedKey may be for another one.
    }
  }
}

function openContent(name: string, key: Buffer, bytes: Buffer): string | undefined {
  const algorithm = Object.hasOwn(CONTENT, name) ? CONTENT[name] : undefined;
  if (algorithm === undefined || key.length !== algorithm.keyBytes) return undefined;
  const { cipher, gcm } = algorithm;
  const ivBytes = gcm ? 12 : 16;
  if (bytes.length < ivBytes + 16) return undefined;
  const iv = bytes.subarray(0, ivBytes);
  if (gcm) {
    const decipher = createDecipheriv(cipher as 'aes-256-gcm', key, iv, { authTagLength: 16 });
    decipher.setAuthTag(bytes.subarray(-16));
    const plain = Buffer.concat([decipher.update(bytes.subarray(ivBytes, -16)), decipher.final()]);
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  }
  const decipher = createDecipheriv(cipher, key, iv).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes.subarray(ivBytes)), decipher.final()]);
  // XML Encryption section 5.2: the last byte is the number of bytes to drop; the others may be anything.
  const drop = padded.at(-1) ?? 0;
  if (drop < 1 || drop > 16) return undefined;
  return new TextDecoder('utf-8', { fatal: true }).decode(padded.subarray(0, -drop));
}

/** Finds the EncryptedKey elements: in the data's own KeyInfo, or beside the data (SAML core, section 6.1). */
function encryptedKeysOf(encryptedAssertion: Element): Element[] {
  return [...elementsOf(encryptedAssertion)].filter(
    (one) => one.namespaceURI === XMLENC && one.localName === 'EncryptedKey',
  );
}

/**
 * Names the methods of an encrypted assertion if one is not supported, so that the administrator can change it at the
 * IdP. It reads only the unencrypted part of the message, so it reveals nothing about the content.
 */
export function findUnspoken(encryptedAssertion: Element): string | undefined {
  const data = findOnly(encryptedAssertion, XMLENC, 'EncryptedData');
  const content = (data && algorithmOf(data)?.name) ?? '';
  if (!Object.hasOwn(CONTENT, content)) return `content by ${content}`;
  const methods = encryptedKeysOf(encryptedAssertion).map(algorithmOf);
  if (methods.some((one) => one !== undefined && oaepHashOf(one.name, one.method) !== undefined)) return undefined;
  const [first] = methods;
  const digest = first && findOnly(first.method, DSIG, 'DigestMethod');
  const suffix = digest === undefined ? '' : ` with ${attributeOf(digest, 'Algorithm') ?? ''}`;
  return `keys by ${first?.name ?? 'nothing'}${suffix}`;
}

/** Decrypts an EncryptedAssertion; undefined where no key fits. Does not check its signature. Never throws. */
export function decryptAssertion(encryptedAssertion: Element, keys: readonly KeyObject[]): string | undefined {
  const [data, ...more] = findChildren(encryptedAssertion, XMLENC, 'EncryptedData');
  const beside = childrenOf(encryptedAssertion).filter((one) => one !== data && one.localName !== 'EncryptedKey');
  const encryptedKeys = encryptedKeysOf(encryptedAssertion);
  if (data === undefined || more.length > 0 || beside.length > 0 || encryptedKeys.length > MAX_KEYS) return undefined;
  const algorithm = algorithmOf(data);
  const bytes = cipherBytes(data);
  if (algorithm === undefined || bytes === undefined) return undefined;
  for (const encrypted of encryptedKeys) {
    for (const key of openKey(encrypted, keys.slice(0, MAX_KEYS))) {
      try {
        const text = openContent(algorithm.name, key, bytes);
        if (text !== undefined) return text;
      } catch {
        // Continues: the next key may fit.
      }
    }
  }
  return undefined;
}
