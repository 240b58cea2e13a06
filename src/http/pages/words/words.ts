/** The texts of the pages in every language. Has no sentence itself. */
import type { Language } from '../../../domain/look/languages.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { ja } from './ja.js';
import type { PageWords } from './page-words.js';
import { ptBr } from './pt-br.js';
import type { RefusalWords } from './refusals/seen.js';
import { REFUSAL_WORDS } from './refusals/translated.js';

export type Words = PageWords & { readonly refusals: RefusalWords };

export const WORDS: Readonly<Record<Language, Words>> = {
  en: { ...en, refusals: REFUSAL_WORDS.en },
  de: { ...de, refusals: REFUSAL_WORDS.de },
  fr: { ...fr, refusals: REFUSAL_WORDS.fr },
  es: { ...es, refusals: REFUSAL_WORDS.es },
  ja: { ...ja, refusals: REFUSAL_WORDS.ja },
  'pt-BR': { ...ptBr, refusals: REFUSAL_WORDS['pt-BR'] },
};
