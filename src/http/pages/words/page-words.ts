/**
 * The form of a language: that of the English words. A language with a missing or an additional key does not compile.
 * Holds no sentence itself.
 */
import type { en } from './en.js';

export type PageWords = {
  readonly [Section in keyof typeof en]: { readonly [Key in keyof (typeof en)[Section]]: string };
};
