/**
 * The stored form of another system's hash: argon2id over its digest, with the recipe beside it, so that a stolen table
 * holds no digest that is fast to attack. The form is `$wrapped$<work>$<recipe>$argon2id$…`. `<work>` says how costly
 * the recipe is. It comes first because storage/secrets/stored-hashes.ts reads only the beginnings of stored hashes, to
 * learn which costs occur. Never holds a digest or a password.
 */
import type { Recipe } from '../domain/passwords/foreign-hash.js';
import { findRecipeWork, formatWork } from './password-work.js';

const WRAPPED = /^\$wrapped\$([a-z0-9=-]+)\$([A-Za-z0-9_-]+)(\$argon2id\$.+)$/;

export interface WrappedHash {
  readonly recipe: Recipe;
  /** argon2id over the recipe's digest, in the PHC string format. */
  readonly outer: string;
}

/** True when the stored hash begins as a wrapped one does. */
export function isWrapped(hash: string): boolean {
  return hash.startsWith('$wrapped$');
}

/** Formats a wrapped hash as the text to store. */
export function formatWrapped({ recipe, outer }: WrappedHash): string {
  return `$wrapped$${formatWork(recipe)}$${Buffer.from(JSON.stringify(recipe)).toString('base64url')}${outer}`;
}

/**
 * Parses a stored hash; undefined for another form, or where the recipe's work is unreasonable or differs from the
 * stated one.
 */
export function parseWrapped(hash: string): WrappedHash | undefined {
  const [, work, encoded = '', outer = ''] = WRAPPED.exec(hash) ?? [];
  try {
    const recipe = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')) as Recipe;
    return findRecipeWork(recipe) !== undefined && formatWork(recipe) === work ? { recipe, outer } : undefined;
  } catch {
    return undefined;
  }
}
