/** The texts of the refusals that people read on a page of this server, in each language. Has no sentence itself. */
import { LANGUAGES, type Language } from '../../../../domain/look/languages.js';
import { REFUSALS } from '../../../../login/refusals.js';
import { AUTHENTICATE } from './authenticate.js';
import { IDENTIFY } from './identify.js';
import { LATER } from './later.js';
import type { RefusalWords, SeenRefusal, Translations } from './seen.js';

const ROWS: Readonly<Record<SeenRefusal, Translations>> = { ...IDENTIFY, ...AUTHENTICATE, ...LATER };

function wordsOf(language: Language): RefusalWords {
  // The English sentences are those of src/facts/refusals, so that each is written only once.
  if (language === 'en') return REFUSALS;
  const rows = Object.entries(ROWS).map(([code, row]) => [code, row[language]]);
  return Object.fromEntries(rows) as RefusalWords;
}

/** The texts of refusals by language. */
export const REFUSAL_WORDS = Object.fromEntries(LANGUAGES.map((language) => [language, wordsOf(language)])) as Readonly<
  Record<Language, RefusalWords>
>;
