/**
 * Parses the metadata of sessions and refresh tokens in a request, which replace the stored metadata as a whole. The
 * limits are Auth0's and apply to Actions too.
 */
import { SESSION_METADATA } from '../../domain/actions/action.js';
import { badBody } from '../api/errors.js';
import type { Wire } from '../api/operation.js';

const NAME = /^[A-Za-z0-9_-]+$/;

/**
 * Returns the metadata in `value`; `property` is its name, for error texts. Null and `{}` remove all metadata. Throws
 * 400.
 */
export function parseMetadata(property: string, value: Wire | null | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(value ?? {});
  for (const [name, text] of entries) {
    if (!NAME.test(name)) throw badBody(`${property}: names have letters, digits, hyphens and underscores.`);
    if (typeof text !== 'string') throw badBody(`${property}: values are texts.`);
    if (Math.max(name.length, text.length) > SESSION_METADATA.characters)
      throw badBody(`${property}: names and values have at most ${SESSION_METADATA.characters} characters.`);
  }
  return Object.fromEntries(entries) as Readonly<Record<string, string>>;
}
