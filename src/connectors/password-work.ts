/**
 * The work that checking a stored password takes, and the work that is missing to the costliest one. Pure numbers: neither hashes nor
 * compares anything.
 */

/** OWASP's argon2id baseline: 19 MiB, two passes, one lane. */
export const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
/** Limits for an imported hash: the maker of the export file chose its cost. */
const MAX_MEMORY_KIB = 262_144;
const MAX_KIB_PASSES = 262_144;
const MAX_BCRYPT_COST = 12;

const BCRYPT = /^\$2[aby]\$(\d\d)\$/;
const ARGON2ID = /^\$argon2id\$v=\d+\$m=(\d+),t=(\d+),p=\d+\$/;

/** `argon2id` in KiB times passes, proportional to its time; `bcrypt` as its cost, where each step doubles the time. */
export interface HashWork {
  readonly argon2id: number;
  readonly bcrypt: number;
}

export const NO_WORK: HashWork = { argon2id: 0, bcrypt: 0 };
/** The work of one check with our own parameters. */
export const OWN_WORK: HashWork = { argon2id: PARAMETERS.memoryCost * PARAMETERS.timeCost, bcrypt: 0 };

/** The work of a hash or of its beginning up to the salt. Undefined for an unknown kind or an unreasonable cost. */
export function findWork(hash: string): HashWork | undefined {
  const cost = Number(BCRYPT.exec(hash)?.[1] ?? 0);
  if (cost > 0) return cost <= MAX_BCRYPT_COST ? { argon2id: 0, bcrypt: cost } : undefined;
  const [, memory, passes] = ARGON2ID.exec(hash) ?? [];
  const argon2id = Number(memory ?? 0) * Number(passes ?? 0);
  const isReasonable = Number(memory ?? 0) <= MAX_MEMORY_KIB && argon2id > 0 && argon2id <= MAX_KIB_PASSES;
  return isReasonable ? { argon2id, bcrypt: 0 } : undefined;
}

/** The work that every "no" must take: as much as the costliest, and never less than with our own parameters. */
export function costliest(works: readonly HashWork[]): HashWork {
  return {
    argon2id: Math.max(OWN_WORK.argon2id, ...works.map(({ argon2id }) => argon2id)),
    bcrypt: Math.max(0, ...works.map(({ bcrypt }) => bcrypt)),
  };
}

/** The missing work: memory (KiB) and passes of one argon2id hash, and the costs of bcrypt hashes. */
export interface Filling {
  readonly argon2id: { readonly memoryCost: number; readonly timeCost: number } | undefined;
  readonly bcrypt: readonly number[];
}

/** bcrypt has powers of two only: from 2^10 to 2^12 it takes 2^10 and 2^11 more. */
function missingCosts(done: number, wanted: number): number[] {
  if (done >= wanted) return [];
  if (done === 0) return [wanted];
  return [done, ...Array.from({ length: wanted - done - 1 }, (_, index) => done + 1 + index)];
}

/** The work to add to `done`, so that every sum is `wanted`. */
export function missingWork(done: HashWork, wanted: HashWork): Filling {
  const left = wanted.argon2id - done.argon2id;
  // Never more memory at once than a password with our own parameters takes.
  const timeCost = Math.ceil(left / PARAMETERS.memoryCost);
  const memoryCost = timeCost > 0 ? Math.max(8, Math.round(left / timeCost)) : 0;
  return {
    argon2id: left > 0 ? { memoryCost, timeCost } : undefined,
    bcrypt: missingCosts(done.bcrypt, wanted.bcrypt),
  };
}
