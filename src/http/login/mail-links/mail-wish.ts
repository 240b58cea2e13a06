/**
 * The preferred language of a mail, taken from the request that causes the mail. Only chooses texts; the worker that
 * sends mail reads it.
 */
import type { FastifyRequest } from 'fastify';
import type { AuthorizationRequest } from '../../../domain/authorization-request.js';
import type { LanguageWish } from '../../../domain/look/languages.js';

/** Most characters of a header that are read. */
const MAX_CHARACTERS = 300;

/** Returns the wish of the browser, and of the application that sent the person, if it is known. */
export function wishOf(request: FastifyRequest, asked?: Pick<AuthorizationRequest, 'extra'>): LanguageWish {
  const uiLocales = asked?.extra?.ui_locales?.slice(0, MAX_CHARACTERS);
  const acceptLanguage = request.headers['accept-language']?.slice(0, MAX_CHARACTERS);
  return { ...(uiLocales !== undefined && { uiLocales }), ...(acceptLanguage !== undefined && { acceptLanguage }) };
}
