/**
 * The type of a language's texts, which is that of the English ones. A language with a missing or an additional key
 * does not compile. Has no sentence itself.
 */
import type { en } from './en.js';

export type PageWords = {
  readonly [Section in keyof typeof en]: { readonly [Key in keyof (typeof en)[Section]]: string };
};
