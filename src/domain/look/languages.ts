/**
 * The languages of the hosted pages and the mails, and the choice among them. A requested language is a hint: it
 * chooses texts and decides nothing else. Never returns a value outside of the list.
 */

export const LANGUAGES = ['en', 'de', 'fr', 'es', 'ja', 'pt-BR'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language of a tenant that has chosen none, and of every text without a translation. */
export const DEFAULT_LANGUAGE: Language = 'en';

/** Maximum number of language tags that are read from one request: more would only cost time. */
const MAX_TAGS = 20;
/** Maximum number of characters of one request's language preferences that are read. */
const MAX_CHARACTERS = 300;
/** A language tag as people and browsers write it (RFC 5646 section 2.1, loosely). */
const TAG = /^([a-z]{2,3})(?:[-_][a-z0-9]{1,8}){0,3}$/i;
/** An item of `Accept-Language` and its weight (RFC 9110 section 12.4.2). */
const PREFERENCE = /^\s*([a-z]{2,3}(?:-[a-z0-9]{1,8}){0,3})\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?$/i;

/**
 * Returns our language for a tag: `de-AT` is `de`, `pt` and `pt-PT` are `pt-BR`. Only the part before the first `-`
 * counts: it is different for each language of the list. Undefined for another language, and for a text that is no tag.
 */
export function toLanguage(tag: string): Language | undefined {
  const [, first] = TAG.exec(tag) ?? [];
  return LANGUAGES.find((language) => language.split('-')[0] === first?.toLowerCase());
}

/**
 * Returns a tenant's languages from its `enabled_locales` (Auth0), the default first; skips a locale without texts
 * here. Never empty.
 */
export function toLanguages(locales: readonly string[] | undefined): readonly [Language, ...Language[]] {
  const [first = DEFAULT_LANGUAGE, ...rest] = new Set((locales ?? []).flatMap((locale) => toLanguage(locale) ?? []));
  return [first, ...rest];
}

/**
 * Returns the tags of an `Accept-Language` header (RFC 9110 section 12.5.4), the highest weight first; leaves out those
 * with `q=0`, and `*`.
 */
export function acceptedTags(header: string | undefined): readonly string[] {
  return (header ?? '')
    .slice(0, MAX_CHARACTERS)
    .split(',')
    .flatMap((item) => {
      const [, tag, weight = '1'] = PREFERENCE.exec(item) ?? [];
      return tag === undefined || Number(weight) === 0 ? [] : [{ tag, weight: Number(weight) }];
    })
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}

/** The sources of a person's preferred language, the strongest first. */
export interface LanguageWish {
  /** `ui_locales` of the authorization request: tags separated by spaces (OpenID Connect Core section 3.1.2.1). */
  readonly uiLocales?: string | undefined;
  /** The browser's header `Accept-Language`. */
  readonly acceptLanguage?: string | undefined;
}

/**
 * Returns the language for a person: the first of `offered` that they ask for, else the default. `offered` is from
 * {@link toLanguages}.
 */
export function chooseLanguage(
  { uiLocales, acceptLanguage }: LanguageWish,
  offered: readonly [Language, ...Language[]],
): Language {
  const named = (uiLocales ?? '').slice(0, MAX_CHARACTERS).split(' ').slice(0, MAX_TAGS);
  for (const tag of [...named, ...acceptedTags(acceptLanguage)]) {
    const language = toLanguage(tag);
    if (language !== undefined && offered.includes(language)) return language;
  }
  return offered[0];
}
