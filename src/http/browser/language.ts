/** The language that a browser asks for. A hint: must decide nothing except the language of texts. */
import { acceptedTags } from '../../domain/look/languages.js';

/**
 * Returns the preferred language of an `Accept-Language` header (RFC 9110 section 12.5.4), as written there; undefined
 * when the header is absent, malformed or names none.
 */
export function preferredLanguage(header: string | undefined): string | undefined {
  return acceptedTags(header)[0];
}
