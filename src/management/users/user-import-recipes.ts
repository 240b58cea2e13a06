/**
 * Converts the fields of each algorithm of `custom_password_hash` into this server's recipe and digest, with one
 * function for each algorithm (Auth0, "Bulk User Import Schema and Examples"). Computes no hash.
 */
import { DIGEST_BYTES, DIGESTS, type Digest, type ForeignHash } from '../../domain/passwords/foreign-hash.js';
import {
  HashProblem,
  INSTEAD,
  readBytes,
  readCount,
  readEncoding,
  readObject,
  readSalts,
  readWholeHash,
} from './user-import-hash-parts.js';

type Custom = Readonly<Record<string, unknown>>;
type ToRecipe = (custom: Custom, algorithm: string) => ForeignHash;

const PATH = 'custom_password_hash';
const HASH = `${PATH}.hash`;
const VALUE = `${HASH}.value`;
const BINARY = ['base64', 'hex'];
const ANY = ['base64', 'hex', 'utf8'];

/** Minimum bytes of a derived key. Attack: with a key of two bytes, one of 65,536 guesses fits. */
const MIN_KEY_BYTES = 16;
const MAX_KEY_BYTES = 512;

function checkLength(digest: Buffer, bytes: number, name: string): string {
  if (digest.length === bytes) return digest.toString('base64');
  throw new HashProblem(
    'INVALID_FORMAT',
    VALUE,
    `${name} has ${bytes} bytes, and this has ${digest.length}. ${INSTEAD}`,
  );
}

function checkKeyBytes(bytes: number, path: string): number {
  if (bytes < MIN_KEY_BYTES)
    throw new HashProblem('MINIMUM', path, `A key below ${MIN_KEY_BYTES} bytes fits other passwords, too`);
  if (bytes > MAX_KEY_BYTES)
    throw new HashProblem('MAXIMUM', path, `A key above ${MAX_KEY_BYTES} bytes is not computed here`);
  return bytes;
}

const unavailable = (path: string, name: string) =>
  new HashProblem(
    'NOT_AVAILABLE',
    path,
    `Passwords hashed with ${name.slice(0, 50)} cannot be checked here. ${INSTEAD}`,
  );

/** For the algorithms md4, md5, sha1, sha256, sha512: plain hash functions. */
const toDigest: ToRecipe = (custom, algorithm) => {
  const digest = algorithm as Digest;
  const value = readBytes(custom.hash, HASH, BINARY);
  return {
    recipe: { kind: 'digest', digest, encoding: readEncoding(custom), ...readSalts(custom) },
    digest: checkLength(value, DIGEST_BYTES[digest], algorithm),
  };
};

const toHmac: ToRecipe = (custom) => {
  const { digest, key } = readObject(custom.hash, HASH);
  const path = `${HASH}.digest`;
  if (digest === 'whirlpool') throw unavailable(path, 'whirlpool');
  const known = DIGESTS.find((name) => name === digest);
  if (known === undefined)
    throw new HashProblem('ENUM_MISMATCH', path, `The digest has to be one of: ${DIGESTS.join(', ')}`);
  const secret = readBytes(key, `${HASH}.key`, ANY, 'utf8').toString('base64');
  return {
    recipe: { kind: 'hmac', digest: known, key: secret, encoding: readEncoding(custom), ...readSalts(custom) },
    digest: checkLength(readBytes(custom.hash, HASH, BINARY), DIGEST_BYTES[known], `HMAC with ${known}`),
  };
};

/**
 * LDAP's `userPassword` (RFC 2307 section 5.3, and OpenLDAP's salted schemes). The salt is added after the password; in
 * the stored value it is after the digest.
 */
const LDAP = /^\{(S?)(MD5|SHA-?1?|SHA-?224|SHA-?256|SHA-?384|SHA-?512)\}([A-Za-z0-9+/]+={0,2})$/i;
const LDAP_NAME = 'an LDAP userPassword ({MD5}, {SMD5}, {SHA}, {SSHA}, {SHA256}, {SSHA256} and so on, then base64)';

const toLdap: ToRecipe = (custom) => {
  const found = LDAP.exec(readWholeHash(custom));
  if (found === null) throw new HashProblem('INVALID_FORMAT', VALUE, `This is not ${LDAP_NAME}. ${INSTEAD}`);
  const [, salted = '', scheme = '', base64 = ''] = found;
  const name = scheme.toLowerCase().replace('-', '');
  const digest = (name === 'sha' ? 'sha1' : name) as Digest;
  const bytes = Buffer.from(base64, 'base64');
  const length = salted === '' ? bytes.length : DIGEST_BYTES[digest];
  return {
    recipe: {
      kind: 'digest',
      digest,
      encoding: readEncoding(custom),
      before: '',
      after: bytes.subarray(length).toString('base64'),
    },
    digest: checkLength(bytes.subarray(0, length), DIGEST_BYTES[digest], `{${scheme.toUpperCase()}}`),
  };
};

/** Matches `$pbkdf2-sha512$i=100000,l=64$salt$hash`. The parameters are optional and may be in any order. */
const PBKDF2 =
  /^\$pbkdf2-([A-Za-z0-9-]+)\$(?:([il]=\d{1,10}(?:,[il]=\d{1,10})?)\$)?([A-Za-z0-9+/]*)\$([A-Za-z0-9+/]+)$/;
const PBKDF2_NAME = 'a PBKDF2 hash in the PHC string format ($pbkdf2-sha256$i=…,l=…$salt$hash, base64 without padding)';
/** Auth0's defaults: iterations and key length in bytes. */
const DEFAULTS = { i: 100_000, l: 64 };

/**
 * Accepts OpenSSL's names of hash functions, as Auth0 does. Returns undefined for one that is unknown or not available
 * here.
 */
function findPbkdf2Digest(name: string): Exclude<Digest, 'md4'> | undefined {
  const plain = name
    .toLowerCase()
    .replace(/^(?:rsa|ssl3)-/, '')
    .replace(/with(?:rsa|rsaencryption)$/, '')
    .replace(/^sha1-2$/, 'sha1')
    .replace(/^(?:ripemd|rmd160)$/, 'ripemd160');
  return DIGESTS.filter((digest) => digest !== 'md4').find((digest) => digest === plain);
}

const toPbkdf2: ToRecipe = (custom) => {
  const found = PBKDF2.exec(readWholeHash(custom));
  if (found === null) throw new HashProblem('INVALID_FORMAT', VALUE, `This is not ${PBKDF2_NAME}. ${INSTEAD}`);
  const [, name = '', parameters = '', salt = '', hash = ''] = found;
  const digest = findPbkdf2Digest(name);
  if (digest === undefined) throw unavailable(VALUE, `pbkdf2-${name}`);
  const given = Object.fromEntries(parameters.split(',').map((part) => part.split('='))) as Record<string, string>;
  const keyBytes = checkKeyBytes(Number(given.l ?? DEFAULTS.l), VALUE);
  return {
    recipe: {
      kind: 'pbkdf2',
      digest,
      encoding: readEncoding(custom),
      iterations: readCount(Number(given.i ?? DEFAULTS.i), VALUE),
      salt: Buffer.from(salt, 'base64').toString('base64'),
      keyBytes,
    },
    digest: checkLength(Buffer.from(hash, 'base64'), keyBytes, `A hash with l=${keyBytes}`),
  };
};

const toScrypt: ToRecipe = (custom) => {
  const keyBytes = checkKeyBytes(readCount(custom.keylen, `${PATH}.keylen`), `${PATH}.keylen`);
  const cost = readCount(custom.cost, `${PATH}.cost`, 16_384);
  if (cost < 2 || !Number.isInteger(Math.log2(cost))) {
    throw new HashProblem('NOT_PASSED', `${PATH}.cost`, 'The cost has to be a power of two above one');
  }
  return {
    recipe: {
      kind: 'scrypt',
      encoding: readEncoding(custom),
      cost,
      blockSize: readCount(custom.blockSize, `${PATH}.blockSize`, 8),
      parallelization: readCount(custom.parallelization, `${PATH}.parallelization`, 1),
      // scrypt takes the salt as a separate input, so it does not matter whether the file puts it before or after the
      // password.
      salt: readSalts(custom).before || readSalts(custom).after,
      keyBytes,
    },
    digest: checkLength(readBytes(custom.hash, HASH, BINARY), keyBytes, `A hash with keylen ${keyBytes}`),
  };
};

/**
 * Converts Firebase's scrypt. Its fields have the names of Firebase's console and export; Auth0 has no such algorithm.
 */
const toFirebase: ToRecipe = (custom) => {
  const value = readBytes(custom.hash, HASH, BINARY, 'base64');
  const signerKey = readBytes(readObject(custom.hash, HASH).key, `${HASH}.key`, BINARY, 'base64');
  const separator =
    custom.saltSeparator === undefined
      ? Buffer.from([7])
      : readBytes(custom.saltSeparator, `${PATH}.saltSeparator`, BINARY, 'base64');
  const salt = readBytes(custom.salt, `${PATH}.salt`, BINARY, 'base64');
  const memoryCost = readCount(custom.memoryCost, `${PATH}.memoryCost`, 14);
  return {
    recipe: {
      kind: 'scrypt',
      encoding: 'utf8',
      cost: 2 ** Math.min(memoryCost, 50),
      blockSize: readCount(custom.rounds, `${PATH}.rounds`, 8),
      parallelization: 1,
      salt: Buffer.concat([salt, separator]).toString('base64'),
      keyBytes: 64,
      signerKey: signerKey.toString('base64'),
    },
    digest: checkLength(value, checkKeyBytes(signerKey.length, `${HASH}.key.value`), 'A hash by this key'),
  };
};

/** The function that converts each algorithm. `digest` is for all plain hash functions. */
export const RECIPES: { readonly digest: ToRecipe } & Readonly<Record<string, ToRecipe>> = {
  digest: toDigest,
  hmac: toHmac,
  ldap: toLdap,
  pbkdf2: toPbkdf2,
  scrypt: toScrypt,
  firebase_scrypt: toFirebase,
};
