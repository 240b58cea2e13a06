/** The texts of all refusals for people, in each language. Has no sentence itself. */
import { LANGUAGES, type Language } from '../../../../domain/look/languages.js';
import { REFUSALS } from '../../../../login/refusals.js';
import { AUTHENTICATE } from './authenticate.js';
import { IDENTIFY } from './identify.js';
import { LATER } from './later.js';
import type { RefusalWords, SeenRefusal, ToldWords, Translations } from './seen.js';
import { de } from './told/de.js';
import { es } from './told/es.js';
import { fr } from './told/fr.js';
import { ja } from './told/ja.js';
import { ptBr } from './told/pt-br.js';

const ROWS: Readonly<Record<SeenRefusal, Translations>> = { ...IDENTIFY, ...AUTHENTICATE, ...LATER };

const TOLD: Readonly<Record<Exclude<Language, 'en'>, ToldWords>> = { de, fr, es, ja, 'pt-BR': ptBr };

function wordsOf(language: Language): RefusalWords {
  // The English sentences are those of src/facts/refusals, so that each is written only once.
  if (language === 'en') return REFUSALS;
  const seen = Object.entries(ROWS).map(([code, row]) => [code, row[language]]);
  const words = { ...Object.fromEntries(seen), ...TOLD[language] };
  // In the order of the English ones.
  return Object.fromEntries(Object.keys(REFUSALS).map((code) => [code, words[code]])) as RefusalWords;
}

/** The texts of refusals by language. */
export const REFUSAL_WORDS = Object.fromEntries(LANGUAGES.map((language) => [language, wordsOf(language)])) as Readonly<
  Record<Language, RefusalWords>
>;
