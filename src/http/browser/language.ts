/** The language that a browser asks for. It is only a hint: nothing but the language of texts may be decided by it. */
import { acceptedTags } from '../../domain/look/languages.js';

/**
 * The language that an `Accept-Language` header (RFC 9110 section 12.5.4) prefers, as it is written there; undefined for a
 * header that is absent, names none, or is not one.
 */
export function preferredLanguage(header: string | undefined): string | undefined {
  return acceptedTags(header)[0];
}
