/**
 * Chooses the language and the texts of one page. Routes say what they know about the page (tenant, application, the
 * login's request); the browser's header adds its languages. A route must refer to a sentence by name and never write
 * one, so that each exists in every language.
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
import type { Lasts, RefusalCode } from '../../login/refusals.js';
import type { RefusalText } from './words/refusals/seen.js';
import { WORDS, type Words } from './words/words.js';

/**
 * A sentence in the page's language. A plain string is shown unchanged: it comes from an Action, or is on a page for
 * administrators.
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
  /** Which of the texts are the tenant's own, as `section.key`. */
  readonly custom?: ReadonlySet<string>;
}

/** The texts of pages for administrators, which are always in English. */
export const ENGLISH: Speech = { language: DEFAULT_LANGUAGE, words: WORDS[DEFAULT_LANGUAGE] };

/**
 * Chooses language and texts for a page at `place`, for a browser with this `Accept-Language`. If no tenant is known
 * (an unknown address, a server that shuts down), every language is offered.
 */
export function chooseSpeech({ tenant, request }: SpeechPlace, acceptLanguage: string | undefined): Speech {
  const offered = tenant === undefined ? toLanguages(LANGUAGES) : (tenant.languages ?? toLanguages([DEFAULT_LANGUAGE]));
  const language = chooseLanguage({ uiLocales: request?.extra?.ui_locales, acceptLanguage }, offered);
  return { language, words: WORDS[language] };
}

const MESSAGE_KEYS = Object.keys(WORDS[DEFAULT_LANGUAGE].messages) as (keyof Words['messages'])[];

/** Sentences about errors, which pages show beside a field or at the top of a form. Routes choose one by its name. */
export const MESSAGES = Object.fromEntries(
  MESSAGE_KEYS.map((key) => [key, ({ messages }: Words) => messages[key]]),
) as Readonly<Record<keyof Words['messages'], (words: Words) => string>>;

/** Returns the three sentences of a refusal, which exist in each language. */
export function sayRefusal(code: RefusalCode): { readonly [Part in keyof RefusalText]: Said } {
  const textOf = ({ refusals }: Words): RefusalText => refusals[code];
  return {
    title: (words) => textOf(words).title,
    sentence: (words) => textOf(words).sentence,
    advice: (words) => textOf(words).advice,
  };
}

/** Returns the advice for a limit that does not last for a quarter of an hour; nothing for other refusals. */
export function sayLasts(lasts: Lasts | undefined): { readonly advice?: Said } {
  return lasts === undefined ? {} : { advice: ({ limits }) => limits[lasts] };
}
