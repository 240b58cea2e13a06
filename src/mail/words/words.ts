/** The texts of mails by language. */
import type { Language } from '../../domain/look/languages.js';
import { DE } from './de.js';
import { EN } from './en.js';
import { ES } from './es.js';
import { FR } from './fr.js';
import { JA } from './ja.js';
import type { MailLanguage } from './mail-language.js';
import { PT_BR } from './pt-br.js';

export const MAIL_WORDS: Readonly<Record<Language, MailLanguage>> = {
  en: EN,
  de: DE,
  fr: FR,
  es: ES,
  ja: JA,
  'pt-BR': PT_BR,
};
