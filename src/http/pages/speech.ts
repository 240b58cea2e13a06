/**
 * The language and the words of one page. Routes say where the page stands (the login's wish, the tenant); everything else follows from the
 * browser's request. A route names a sentence, it never writes one: so each is in the words of every language.
 */
import type { AuthorizationRequest } from '../../domain/authorization-request.js';
import {
  chooseLanguage,
  DEFAULT_LANGUAGE,
  LANGUAGES,
  type Language,
  toLanguages,
} from '../../domain/look/languages.js';
import type { Client, Organization, Tenant } from '../../domain/tenant.js';
import { REFUSALS, type RefusalCode } from '../../login/refusals.js';
import type { RefusalText } from './words/refusals/seen.js';
import { WORDS, type Words } from './words/words.js';

/** A sentence of the page's language; a text of the tenant's own code, or of an administrator's page, is said as it is. */
export type Said = string | ((words: Words) => string);

/** The known things that the language of a page follows from; those that are not known yet are left out. */
export interface SpeechPlace {
  readonly tenant?: Pick<Tenant, 'friendlyName' | 'languages' | 'texts'> | undefined;
  readonly client?: Pick<Client, 'name'> | undefined;
  readonly organization?: Organization | undefined;
  readonly request?: Pick<AuthorizationRequest, 'extra'> | undefined;
}

/** The language of a page and its words. */
export interface Speech {
  readonly language: Language;
  readonly words: Words;
  /** The words that are the tenant's own, by section and key. */
  readonly custom?: ReadonlySet<string>;
}

/** English, as the pages of administrators have it. */
export const ENGLISH: Speech = { language: DEFAULT_LANGUAGE, words: WORDS[DEFAULT_LANGUAGE] };

/**
 * The speech for a page at `place`, for a browser that sends this `Accept-Language`. Where no tenant is known (an address that leads nowhere,
 * a server that stops), every language is offered.
 */
export function chooseSpeech({ tenant, request }: SpeechPlace, acceptLanguage: string | undefined): Speech {
  const offered = tenant === undefined ? toLanguages(LANGUAGES) : (tenant.languages ?? toLanguages([DEFAULT_LANGUAGE]));
  const language = chooseLanguage({ uiLocales: request?.extra?.ui_locales, acceptLanguage }, offered);
  return { language, words: WORDS[language] };
}

const MESSAGE_KEYS = Object.keys(WORDS[DEFAULT_LANGUAGE].messages) as (keyof Words['messages'])[];

/** The sentences beside a field or on top of a form, for the routes that find the error. */
export const MESSAGES = Object.fromEntries(
  MESSAGE_KEYS.map((key) => [key, ({ messages }: Words) => messages[key]]),
) as Readonly<Record<keyof Words['messages'], (words: Words) => string>>;

/** The three sentences of a refusal. One that the application is told, and nobody reads here, has them in English alone. */
export function sayRefusal(code: RefusalCode): { readonly [Part in keyof RefusalText]: Said } {
  const textOf = ({ refusals }: Words): RefusalText =>
    (refusals as Partial<Record<RefusalCode, RefusalText>>)[code] ?? REFUSALS[code];
  return {
    title: (words) => textOf(words).title,
    sentence: (words) => textOf(words).sentence,
    advice: (words) => textOf(words).advice,
  };
}
