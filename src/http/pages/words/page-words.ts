/** The form of a language: that of the English words. A language with a key too few or too many does not compile. Holds no sentence itself. */
import type { en } from './en.js';

export type PageWords = {
  readonly [Section in keyof typeof en]: { readonly [Key in keyof (typeof en)[Section]]: string };
};
