/**
 * Hashing whose results are discarded, so that a wrong password takes the same time for every account and for none
 * (password.ts). Never hashes anything that a person typed.
 */
import { hash as argon2Hash } from '@node-rs/argon2';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import type { Digest } from '../domain/passwords/foreign-hash.js';
import { deriveByPbkdf2, deriveByScrypt } from './foreign-digest.js';
import { FILLING_BLOCK_SIZE, type Filling, PARAMETERS } from './password-work.js';

/** Hash functions of a given cost, whose results are not used. */
export interface Burn {
  argon2id(parameters: { readonly memoryCost: number; readonly timeCost: number }): Promise<unknown>;
  bcrypt(cost: number): Promise<unknown>;
  /** Computes scrypt and discards the result. `cost` is N; r = 8 and p = 1. */
  scrypt(cost: number): Promise<unknown>;
  pbkdf2(digest: Digest, rounds: number): Promise<unknown>;
}

const NOTHING = Buffer.from('nothing');

export const BURN: Burn = {
  argon2id: (parameters) => argon2Hash(NOTHING, { ...PARAMETERS, ...parameters }),
  bcrypt: (cost) => bcryptHash(NOTHING, cost),
  scrypt: (cost) => deriveByScrypt(NOTHING, NOTHING, 32, { cost, blockSize: FILLING_BLOCK_SIZE, parallelization: 1 }),
  // A key of 16 bytes takes a single block of every hash function, so `rounds` alone is the work.
  pbkdf2: (digest, rounds) => deriveByPbkdf2(NOTHING, NOTHING, rounds, 16, digest),
};

/** Computes the missing hashes, one after the other, so that they never need more memory than one check. */
export async function burnAll(burn: Burn, filling: Filling): Promise<void> {
  if (filling.argon2id) await burn.argon2id(filling.argon2id);
  for (const cost of filling.bcrypt) await burn.bcrypt(cost);
  for (const cost of filling.scrypt) await burn.scrypt(cost);
  for (const { digest, rounds } of filling.pbkdf2) await burn.pbkdf2(digest, rounds);
}
