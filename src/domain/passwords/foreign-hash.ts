/**
 * Password hashes of other systems: how they were made (the recipe), and the result (the digest). Types and names
 * alone: computes nothing, and never holds a password.
 */

/** Hash functions of recipes. Auth0 also names whirlpool and mdc2, which no library here has. */
export const DIGESTS = ['md4', 'md5', 'ripemd160', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;
export type Digest = (typeof DIGESTS)[number];

export const DIGEST_BYTES: Readonly<Record<Digest, number>> = {
  md4: 16,
  md5: 16,
  ripemd160: 20,
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/** How the other system encoded a password's characters as bytes. */
export type PasswordEncoding = 'ascii' | 'latin1' | 'utf8' | 'utf16le';

/** Bytes that the other system put before and after the password; base64. */
interface Around {
  readonly encoding: PasswordEncoding;
  readonly before: string;
  readonly after: string;
}

/** How a password hash was made. All bytes are base64. */
export type Recipe =
  | ({ readonly kind: 'digest'; readonly digest: Digest } & Around)
  | ({ readonly kind: 'hmac'; readonly digest: Digest; readonly key: string } & Around)
  /**
   * bcrypt over a password to which the other system added bytes, or that it did not encode as UTF-8. `salt`: bcrypt's
   * own 16 bytes.
   */
  | ({ readonly kind: 'bcrypt'; readonly cost: number; readonly salt: string } & Around)
  | {
      readonly kind: 'pbkdf2';
      readonly encoding: PasswordEncoding;
      readonly digest: Exclude<Digest, 'md4'>;
      readonly iterations: number;
      readonly salt: string;
      readonly keyBytes: number;
    }
  | {
      readonly kind: 'scrypt';
      readonly encoding: PasswordEncoding;
      /** The cost parameter N of RFC 7914: a power of two. */
      readonly cost: number;
      readonly blockSize: number;
      readonly parallelization: number;
      readonly salt: string;
      readonly keyBytes: number;
      /**
       * Only for Firebase, which encrypts this key with the result of scrypt; the ciphertext is the hash
       * (https://github.com/firebase/scrypt).
       */
      readonly signerKey?: string;
    };

export interface ForeignHash {
  readonly recipe: Recipe;
  /** The result of the recipe for the right password; base64 with padding. */
  readonly digest: string;
}
