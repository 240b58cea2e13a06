/**
 * The work of checking a stored password, and how much more the most expensive check needs. Pure numbers: neither
 * hashes nor compares anything.
 */
import { DIGEST_BYTES, DIGESTS, type Digest, type Recipe } from '../domain/passwords/foreign-hash.js';

/** OWASP's argon2id baseline: 19 MiB, two passes, one lane. */
export const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
/** Limits of an imported hash: the maker of the export file chose its cost. */
const MAX_MEMORY_KIB = 262_144;
const MAX_KIB_PASSES = 262_144;
const MAX_BCRYPT_COST = 12;
/**
 * Maximum number of accepted rounds of PBKDF2: above Django's 1,500,000 of SHA-256 and Keycloak's 210,000 of SHA-512.
 */
const MAX_PBKDF2_ROUNDS = 2_000_000;
/** Largest N · r · p: OWASP's strongest, N = 2^17 with r = 8 and p = 1, which takes 128 MiB. */
const MAX_SCRYPT = 2 ** 20;
/**
 * Largest r · (N + p + 2), in blocks of 128 bytes: MAX_SCRYPT alone would allow 320 MiB for wide blocks with a small N.
 */
const MAX_SCRYPT_BLOCKS = 2 ** 20 + 64;

const BCRYPT = /^\$2[aby]\$(\d\d)\$/;
const ARGON2 = /^\$argon2(?:id|i|d)\$v=\d+\$m=(\d+),t=(\d+),p=\d+\$/;
const WRAPPED = /^\$wrapped\$(?:(none)|(bcrypt|scrypt|pbkdf2-([a-z0-9]+))=(\d{1,10}))\$/;

/**
 * `argon2id`: KiB times passes, proportional to its time. `bcrypt`: its cost, each step doubles the time. `scrypt`: N ·
 * r · p. `pbkdf2`: rounds of one block for each hash function, since their speeds differ.
 */
export interface HashWork {
  readonly argon2id: number;
  readonly bcrypt: number;
  readonly scrypt: number;
  readonly pbkdf2: Readonly<Partial<Record<Digest, number>>>;
}

export const NO_WORK: HashWork = { argon2id: 0, bcrypt: 0, scrypt: 0, pbkdf2: {} };
/** Work of one check with our own parameters. */
export const OWN_WORK: HashWork = { ...NO_WORK, argon2id: PARAMETERS.memoryCost * PARAMETERS.timeCost };

const isCount = (value: number) => Number.isInteger(value) && value > 0;

function findScryptWork({ cost, blockSize, parallelization }: Extract<Recipe, { kind: 'scrypt' }>) {
  const isPower = isCount(cost) && cost > 1 && Number.isInteger(Math.log2(cost));
  const scrypt = cost * blockSize * parallelization;
  const isBounded = scrypt <= MAX_SCRYPT && blockSize * (cost + parallelization + 2) <= MAX_SCRYPT_BLOCKS;
  const isReasonable = isPower && isCount(blockSize) && isCount(parallelization) && isBounded;
  return isReasonable ? { ...OWN_WORK, scrypt } : undefined;
}

/**
 * Returns the work of a recipe with argon2id over its digest; undefined for a cost that could keep this server busy for
 * hours. A plain hash function takes too little to count.
 */
export function findRecipeWork(recipe: Recipe): HashWork | undefined {
  switch (recipe.kind) {
    case 'digest':
    case 'hmac':
      return OWN_WORK;
    case 'bcrypt':
      return recipe.cost <= MAX_BCRYPT_COST ? { ...OWN_WORK, bcrypt: recipe.cost } : undefined;
    case 'pbkdf2': {
      const rounds = recipe.iterations * Math.ceil(recipe.keyBytes / DIGEST_BYTES[recipe.digest]);
      return isCount(rounds) && rounds <= MAX_PBKDF2_ROUNDS
        ? { ...OWN_WORK, pbkdf2: { [recipe.digest]: rounds } }
        : undefined;
    }
    case 'scrypt':
      return findScryptWork(recipe);
  }
}

/** Formats a recipe's work for the stored hash, from which {@link findWork} reads it. */
export function formatWork(recipe: Recipe): string {
  const { bcrypt = 0, scrypt = 0, pbkdf2 = {} } = findRecipeWork(recipe) ?? {};
  if (bcrypt > 0) return `bcrypt=${bcrypt}`;
  if (scrypt > 0) return `scrypt=${scrypt}`;
  const [entry] = Object.entries(pbkdf2);
  return entry === undefined ? 'none' : `pbkdf2-${entry[0]}=${entry[1]}`;
}

function findWrappedWork([, none, kind, digest, amount]: RegExpExecArray): HashWork | undefined {
  const done = Number(amount);
  if (none !== undefined) return OWN_WORK;
  if (kind === 'bcrypt') return done <= MAX_BCRYPT_COST ? { ...OWN_WORK, bcrypt: done } : undefined;
  if (kind === 'scrypt') return done <= MAX_SCRYPT ? { ...OWN_WORK, scrypt: done } : undefined;
  const known = DIGESTS.find((name) => name === digest);
  return known && done <= MAX_PBKDF2_ROUNDS ? { ...OWN_WORK, pbkdf2: { [known]: done } } : undefined;
}

/**
 * Reads the work of a hash, or of its beginning up to the salt; undefined for an unknown kind or an unreasonable cost.
 */
export function findWork(hash: string): HashWork | undefined {
  const cost = Number(BCRYPT.exec(hash)?.[1] ?? 0);
  if (cost > 0) return cost <= MAX_BCRYPT_COST ? { ...NO_WORK, bcrypt: cost } : undefined;
  const wrapped = WRAPPED.exec(hash);
  if (wrapped !== null) return findWrappedWork(wrapped);
  const [, memory, passes] = ARGON2.exec(hash) ?? [];
  const argon2id = Number(memory ?? 0) * Number(passes ?? 0);
  const isReasonable = Number(memory ?? 0) <= MAX_MEMORY_KIB && argon2id > 0 && argon2id <= MAX_KIB_PASSES;
  return isReasonable ? { ...NO_WORK, argon2id } : undefined;
}

const digestsOf = (works: readonly HashWork[]) =>
  DIGESTS.filter((digest) => works.some(({ pbkdf2 }) => (pbkdf2[digest] ?? 0) > 0));

/** Returns the work that every refusal must take: the maximum of `works`, and at least our own parameters'. */
export function costliest(works: readonly HashWork[]): HashWork {
  const most = (amount: (work: HashWork) => number) => works.reduce((top, work) => Math.max(top, amount(work)), 0);
  return {
    argon2id: Math.max(
      OWN_WORK.argon2id,
      most(({ argon2id }) => argon2id),
    ),
    bcrypt: most(({ bcrypt }) => bcrypt),
    scrypt: most(({ scrypt }) => scrypt),
    pbkdf2: Object.fromEntries(digestsOf(works).map((digest) => [digest, most(({ pbkdf2 }) => pbkdf2[digest] ?? 0)])),
  };
}

/** Work to add to a failed check, so that all refusals take the same work. */
export interface Filling {
  /** Parameters of one more argon2id hash; memory in KiB. */
  readonly argon2id: { readonly memoryCost: number; readonly timeCost: number } | undefined;
  /** The costs of further bcrypt hashes. */
  readonly bcrypt: readonly number[];
  /** The parameters N of further scrypt hashes, with r = 8 and p = 1. */
  readonly scrypt: readonly number[];
  readonly pbkdf2: readonly { readonly digest: Digest; readonly rounds: number }[];
}

/**
 * Returns the costs of further hashes, which together with `done` take the work of `wanted`. Each step of the cost
 * doubles the work: from 2^10 to 2^12, one hash of 2^10 and one of 2^11 are missing.
 */
function missingCosts(done: number, wanted: number): number[] {
  if (done >= wanted) return [];
  if (done === 0) return [wanted];
  return [done, ...Array.from({ length: wanted - done - 1 }, (_, index) => done + 1 + index)];
}

/** Block size of scrypt hashes that only fill up time. */
export const FILLING_BLOCK_SIZE = 8;

/** Costs of the missing scrypt work, which also has powers of two only: one hash per binary digit. */
function missingScrypt(left: number): number[] {
  const digits = Math.ceil(left / FILLING_BLOCK_SIZE).toString(2);
  const powers = [...digits].map((digit, index) => (digit === '1' ? 2 ** (digits.length - 1 - index) : 0));
  return left > 0 ? powers.filter((cost) => cost > 1) : [];
}

/** Returns the work to add to `done` so that each sum reaches `wanted`. */
export function missingWork(done: HashWork, wanted: HashWork): Filling {
  const left = wanted.argon2id - done.argon2id;
  // Never uses more memory than a hash with this server's own parameters.
  const timeCost = Math.ceil(left / PARAMETERS.memoryCost);
  const memoryCost = timeCost > 0 ? Math.max(8, Math.round(left / timeCost)) : 0;
  const rounds = (digest: Digest) => (wanted.pbkdf2[digest] ?? 0) - (done.pbkdf2[digest] ?? 0);
  return {
    argon2id: left > 0 ? { memoryCost, timeCost } : undefined,
    bcrypt: missingCosts(done.bcrypt, wanted.bcrypt),
    scrypt: missingScrypt(wanted.scrypt - done.scrypt),
    pbkdf2: digestsOf([wanted]).flatMap((digest) => (rounds(digest) > 0 ? [{ digest, rounds: rounds(digest) }] : [])),
  };
}
