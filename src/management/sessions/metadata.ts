/** The metadata of sessions and refresh tokens in a request: Auth0's bounds, which hold for Actions too. A request replaces all of it. */
import { SESSION_METADATA } from '../../domain/actions/action.js';
import { badBody } from '../api/errors.js';
import type { Wire } from '../api/operation.js';

const NAME = /^[A-Za-z0-9_-]+$/;

/** The metadata that the property `property` asks for; null and `{}` are none. Throws 400. */
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
