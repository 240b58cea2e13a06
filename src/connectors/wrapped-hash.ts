/**
 * The stored form of another system's hash: argon2id over its digest, with the recipe beside it. So a stolen table holds no digest that
 * is quick to try passwords on. `$wrapped$<work>$<recipe>$argon2id$…`: the work stands first, where one look at the beginnings of all
 * stored hashes finds it (storage/stored-hashes.ts). Never holds a digest or a password.
 */
import type { Recipe } from '../domain/passwords/foreign-hash.js';
import { findRecipeWork, formatWork } from './password-work.js';

const WRAPPED = /^\$wrapped\$([a-z0-9=-]+)\$([A-Za-z0-9_-]+)(\$argon2id\$.+)$/;

export interface WrappedHash {
  readonly recipe: Recipe;
  /** argon2id over the recipe's digest, in the PHC string format. */
  readonly outer: string;
}

/** True for a hash that begins as one of this form. */
export function isWrapped(hash: string): boolean {
  return hash.startsWith('$wrapped$');
}

/** The text to store. */
export function formatWrapped({ recipe, outer }: WrappedHash): string {
  return `$wrapped$${formatWork(recipe)}$${Buffer.from(JSON.stringify(recipe)).toString('base64url')}${outer}`;
}

/** Undefined where the hash is not of this form, or its recipe asks for more work than it says, or than is done. */
export function parseWrapped(hash: string): WrappedHash | undefined {
  const [, work, encoded = '', outer = ''] = WRAPPED.exec(hash) ?? [];
  try {
    const recipe = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')) as Recipe;
    return findRecipeWork(recipe) !== undefined && formatWork(recipe) === work ? { recipe, outer } : undefined;
  } catch {
    return undefined;
  }
}
