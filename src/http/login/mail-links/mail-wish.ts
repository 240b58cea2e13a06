/**
 * The language that a person prefers for a mail, from the request that causes the mail. The worker that sends mail
 * reads it, and uses it only to choose texts.
 */
import type { FastifyRequest } from 'fastify';
import type { AuthorizationRequest } from '../../../domain/authorization-request.js';
import type { LanguageWish } from '../../../domain/look/languages.js';

/** Maximum number of characters of a header or parameter that are kept. */
const MAX_CHARACTERS = 300;

/**
 * Returns the languages that the browser prefers, and those that the application asked for, if an application is known.
 */
export function wishOf(request: FastifyRequest, asked?: Pick<AuthorizationRequest, 'extra'>): LanguageWish {
  const uiLocales = asked?.extra?.ui_locales?.slice(0, MAX_CHARACTERS);
  const acceptLanguage = request.headers['accept-language']?.slice(0, MAX_CHARACTERS);
  return { ...(uiLocales !== undefined && { uiLocales }), ...(acceptLanguage !== undefined && { acceptLanguage }) };
}
