/** The language that a browser asks for. Must decide nothing except the language of texts. */
import { acceptedTags } from '../../domain/look/languages.js';

/**
 * Returns the preferred language of an `Accept-Language` header (RFC 9110 section 12.5.4), spelled as in the header.
 * Undefined when the header is absent, malformed or names no language.
 */
export function preferredLanguage(header: string | undefined): string | undefined {
  return acceptedTags(header)[0];
}
