/**
 * Computes the digest of a password by another system's recipe. Expensive work runs off the main thread. Never compares
 * anything: the digest is the input of argon2id (wrapped-hash.ts). password-work.ts has checked the limits of the
 * recipe before.
 */
import { createCipheriv, createHash, createHmac, pbkdf2, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import { fromBcryptText } from '../domain/passwords/bcrypt-text.js';
import type { Digest, PasswordEncoding, Recipe } from '../domain/passwords/foreign-hash.js';
import { hmacMd4, md4 } from './md4.js';

const pbkdf2Async = promisify(pbkdf2);
type ScryptOptions = { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number };
const scryptAsync = promisify<Buffer, Buffer, number, ScryptOptions, Buffer>(scrypt);

const fromBase64 = (text: string) => Buffer.from(text, 'base64');

/**
 * Encodes the password as the other system did. Undefined if the encoding lacks one of its characters: replacing them
 * all by the same byte would let a wrong password match.
 */
function encode(password: string, encoding: PasswordEncoding): Buffer | undefined {
  const bytes = Buffer.from(password, encoding);
  // Node reads ASCII by dropping the eighth bit.
  return bytes.toString(encoding) === password ? bytes : undefined;
}

const digestOf = (digest: Digest, input: Buffer) =>
  digest === 'md4' ? md4(input) : createHash(digest).update(input).digest();

const hmacOf = (digest: Digest, key: Buffer, input: Buffer) =>
  digest === 'md4' ? hmacMd4(key, input) : createHmac(digest, key).update(input).digest();

/**
 * Runs scrypt off the main thread. `maxmem` is scrypt's memory (RFC 7914 section 2) plus OpenSSL's own: 128 · r · (N +
 * p + 2) bytes.
 */
export function deriveByScrypt(
  input: Buffer,
  salt: Buffer,
  keyBytes: number,
  { cost: N, blockSize: r, parallelization: p }: { cost: number; blockSize: number; parallelization: number },
): Promise<Buffer> {
  return scryptAsync(input, salt, keyBytes, { N, r, p, maxmem: 128 * r * (N + p + 2) + 1024 * 1024 });
}

/** Runs PBKDF2 (RFC 8018 section 5.2) off the main thread. */
export function deriveByPbkdf2(input: Buffer, salt: Buffer, iterations: number, keyBytes: number, digest: Digest) {
  return pbkdf2Async(input, salt, iterations, keyBytes, digest);
}

/**
 * Encrypts the signer key of a Firebase project by AES-256-CTR with a zero counter, as Firebase's fork of scrypt does.
 */
function sign(signerKey: Buffer, derived: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-ctr', derived.subarray(0, 32), Buffer.alloc(16));
  return Buffer.concat([cipher.update(signerKey), cipher.final()]);
}

async function computeScrypt(recipe: Extract<Recipe, { kind: 'scrypt' }>, input: Buffer): Promise<Buffer> {
  const { salt, keyBytes, signerKey } = recipe;
  const derived = await deriveByScrypt(input, fromBase64(salt), keyBytes, recipe);
  return signerKey === undefined ? derived : sign(fromBase64(signerKey), derived);
}

/** Computes the digest of a password; undefined where the recipe's encoding cannot represent it. */
export async function computeDigest(recipe: Recipe, password: string): Promise<Buffer | undefined> {
  const encoded = encode(password, recipe.encoding);
  if (encoded === undefined) return undefined;
  switch (recipe.kind) {
    case 'pbkdf2':
      return deriveByPbkdf2(encoded, fromBase64(recipe.salt), recipe.iterations, recipe.keyBytes, recipe.digest);
    case 'scrypt':
      return computeScrypt(recipe, encoded);
  }
  const input = Buffer.concat([fromBase64(recipe.before), encoded, fromBase64(recipe.after)]);
  switch (recipe.kind) {
    case 'digest':
      return digestOf(recipe.digest, input);
    case 'hmac':
      return hmacOf(recipe.digest, fromBase64(recipe.key), input);
    case 'bcrypt':
      return fromBcryptText((await bcryptHash(input, recipe.cost, fromBase64(recipe.salt))).slice(-31));
  }
}
