/**
 * The language and the words of one page. Routes give the page's place (the login's wish, the tenant); the rest follows
 * from the browser's request. A route must name a sentence, never write one: so each exists in every language.
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

/**
 * A sentence in the page's language. A text of the tenant's own code, or of an administrator's page, is shown
 * unchanged.
 */
export type Said = string | ((words: Words) => string);

/** The facts that decide the language of a page; those not known yet are left out. */
export interface SpeechPlace {
  readonly tenant?: Pick<Tenant, 'friendlyName' | 'languages' | 'texts'> | undefined;
  readonly client?: Pick<Client, 'name'> | undefined;
  readonly organization?: Organization | undefined;
  readonly request?: Pick<AuthorizationRequest, 'extra'> | undefined;
}

export interface Speech {
  readonly language: Language;
  readonly words: Words;
  /** The texts that are the tenant's own, by section and key. */
  readonly custom?: ReadonlySet<string>;
}

/** The texts of administrators' pages: always English. */
export const ENGLISH: Speech = { language: DEFAULT_LANGUAGE, words: WORDS[DEFAULT_LANGUAGE] };

/**
 * Chooses the speech for a page at `place`, for a browser with this `Accept-Language`. If no tenant is known (an
 * unknown address, a server that shuts down), every language is offered.
 */
export function chooseSpeech({ tenant, request }: SpeechPlace, acceptLanguage: string | undefined): Speech {
  const offered = tenant === undefined ? toLanguages(LANGUAGES) : (tenant.languages ?? toLanguages([DEFAULT_LANGUAGE]));
  const language = chooseLanguage({ uiLocales: request?.extra?.ui_locales, acceptLanguage }, offered);
  return { language, words: WORDS[language] };
}

const MESSAGE_KEYS = Object.keys(WORDS[DEFAULT_LANGUAGE].messages) as (keyof Words['messages'])[];

/** The sentences beside a field or at the top of a form, for the routes that find the error. */
export const MESSAGES = Object.fromEntries(
  MESSAGE_KEYS.map((key) => [key, ({ messages }: Words) => messages[key]]),
) as Readonly<Record<keyof Words['messages'], (words: Words) => string>>;

/**
 * Returns the three sentences of a refusal. A refusal that goes to the application, where nobody reads a page, has
 * English sentences only.
 */
export function sayRefusal(code: RefusalCode): { readonly [Part in keyof RefusalText]: Said } {
  const textOf = ({ refusals }: Words): RefusalText =>
    (refusals as Partial<Record<RefusalCode, RefusalText>>)[code] ?? REFUSALS[code];
  return {
    title: (words) => textOf(words).title,
    sentence: (words) => textOf(words).sentence,
    advice: (words) => textOf(words).advice,
  };
}
