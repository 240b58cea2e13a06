/** The words of the hosted pages in every language. Holds no sentence itself. */
import type { Language } from '../../../domain/look/languages.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { ja } from './ja.js';
import type { PageWords } from './page-words.js';
import { ptBr } from './pt-br.js';
import { refusalsDe } from './refusals/de.js';
import { refusalsEn } from './refusals/en.js';
import { refusalsEs } from './refusals/es.js';
import { refusalsFr } from './refusals/fr.js';
import { refusalsJa } from './refusals/ja.js';
import { refusalsPtBr } from './refusals/pt-br.js';
import type { RefusalWords } from './refusals/seen.js';

export type Words = PageWords & { readonly refusals: RefusalWords };

export const WORDS: Readonly<Record<Language, Words>> = {
  en: { ...en, refusals: refusalsEn },
  de: { ...de, refusals: refusalsDe },
  fr: { ...fr, refusals: refusalsFr },
  es: { ...es, refusals: refusalsEs },
  ja: { ...ja, refusals: refusalsJa },
  'pt-BR': { ...ptBr, refusals: refusalsPtBr },
};
