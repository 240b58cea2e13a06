/** The wish for a language that a mail takes along from the request that causes it. Chooses texts alone; the mail's worker reads it. */
import type { FastifyRequest } from 'fastify';
import type { AuthorizationRequest } from '../../../domain/authorization-request.js';
import type { LanguageWish } from '../../../domain/look/languages.js';

/** More of a header is looked at by nobody. */
const MAX_CHARACTERS = 300;

/** Of the browser, and of the application that sent the person, where it is known. */
export function wishOf(request: FastifyRequest, asked?: Pick<AuthorizationRequest, 'extra'>): LanguageWish {
  const uiLocales = asked?.extra?.ui_locales?.slice(0, MAX_CHARACTERS);
  const acceptLanguage = request.headers['accept-language']?.slice(0, MAX_CHARACTERS);
  return { ...(uiLocales !== undefined && { uiLocales }), ...(acceptLanguage !== undefined && { acceptLanguage }) };
}
