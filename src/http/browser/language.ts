/** The language that a browser asks for. Must decide nothing except the language of texts. */
import type { FastifyRequest } from 'fastify';
import { acceptedTags, type Language } from '../../domain/look/languages.js';

/**
 * Returns the preferred language of an `Accept-Language` header (RFC 9110 section 12.5.4), spelled as in the header.
 * Undefined when the header is absent, malformed or names no language.
 */
export function preferredLanguage(header: string | undefined): string | undefined {
  return acceptedTags(header)[0];
}

/**
 * Puts the language that somebody chose in this browser (page of the account) before those that the browser asks for, so
 * that pages, mails and Actions of this request have it. An application's `ui_locales` still comes first.
 */
export function preferLanguage(request: FastifyRequest, chosen: Language | undefined): void {
  if (chosen === undefined) return;
  const others = acceptedTags(request.headers['accept-language']).filter((tag) => tag !== chosen);
  request.headers['accept-language'] = [chosen, ...others].join(', ');
}
