/**
 * Authenticated encryption: AES-256-GCM with a random 96-bit nonce. The place of use (`context`) is additional data: a
 * sealed value that is moved to another row, column or cookie does not open. Keys are derived per purpose from
 * VESTIBULE_SECRET_KEY by HKDF (RFC 5869). Former keys open and never seal. Never logs, and never tells the reason of a
 * failure: opening returns the bytes or undefined.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Entropy } from './ids.js';

export interface SecretBox {
  /**
   * Encrypts a value. `context` is authenticated but not stored: opening needs the same context. Returns nonce,
   * ciphertext and tag.
   */
  seal(plain: string | Uint8Array, context: string): Buffer;
  /** Returns the text; undefined when the bytes were changed, cut, moved or sealed under another key. */
  open(sealed: Uint8Array, context: string): string | undefined;
  /** Decrypts like {@link SecretBox.open}, for bytes that are not text. */
  openBytes(sealed: Uint8Array, context: string): Buffer | undefined;
  /** True when the current key decrypts the value, not only a former key. */
  isCurrent(sealed: Uint8Array, context: string): boolean;
}

const NONCE = 12;
const TAG = 16;

/**
 * Creates a box. `masterKey` is 32 bytes, and so is each of `formerKeys`; `purpose` separates the keys of cookies, rows
 * and codes. A sealed value does not name its key: opening tries each key, the current one first.
 */
export function createSecretBox(
  masterKey: Uint8Array,
  purpose: string,
  entropy: Entropy,
  formerKeys: readonly Uint8Array[] = [],
): SecretBox {
  const derive = (master: Uint8Array) =>
    Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `vestibule/${purpose}`, 32));
  const key = derive(masterKey);
  const former = formerKeys.map(derive);
  function openWith(key: Buffer, sealed: Uint8Array, context: string): Buffer | undefined {
    if (sealed.length < NONCE + TAG) return undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAAD(Buffer.from(context, 'utf8'));
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
      const body = sealed.subarray(NONCE, sealed.length - TAG);
      return Buffer.concat([decipher.update(body), decipher.final()]);
    } catch {
      return undefined;
    }
  }
  function openBytes(sealed: Uint8Array, context: string): Buffer | undefined {
    const opened = openWith(key, sealed, context);
    if (opened !== undefined) return opened;
    for (const other of former) {
      const plain = openWith(other, sealed, context);
      if (plain !== undefined) return plain;
    }
    return undefined;
  }
  return {
    isCurrent: (sealed, context) => openWith(key, sealed, context) !== undefined,
    seal(plain, context) {
      const nonce = entropy.bytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
      cipher.setAAD(Buffer.from(context, 'utf8'));
      const body = typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain;
      return Buffer.concat([nonce, cipher.update(body), cipher.final(), cipher.getAuthTag()]);
    },
    open: (sealed, context) => openBytes(sealed, context)?.toString('utf8'),
    openBytes,
  };
}

/** Maximum number of characters of a token that {@link openToken} opens. */
export const MAX_TOKEN_CHARACTERS = 4_096;

/** Seals fields into a token for browsers and applications: base64url of {@link SecretBox.seal}. */
export function sealToken(box: SecretBox, fields: Record<string, string>, context: string): string {
  return box.seal(JSON.stringify(fields), context).toString('base64url');
}

/** Returns the fields of {@link sealToken}; undefined for any text that this server did not seal for this context. */
export function openToken(box: SecretBox, token: string, context: string): Record<string, string> | undefined {
  if (token.length > MAX_TOKEN_CHARACTERS || !/^[A-Za-z0-9_-]+$/.test(token)) return undefined;
  const plain = box.open(Buffer.from(token, 'base64url'), context);
  return plain === undefined ? undefined : (JSON.parse(plain) as Record<string, string>);
}
