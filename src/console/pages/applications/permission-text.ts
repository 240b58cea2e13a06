/** A text of permissions, as commands and documents print them, taken apart: those that an API has, and the words that it has not. Pure. */

export interface ReadPermissions {
  /** Each once, in the order of the text. */
  readonly known: readonly string[];
  readonly unknown: readonly string[];
}

/** Marks of a list in JSON or Markdown around a name. */
const MARKS = /^["'`[\](){}]+|["'`[\](){}]+$/g;

/** The names in `text`, between spaces, commas, semicolons or lines. */
export function readPermissions(text: string, offered: readonly string[]): ReadPermissions {
  const words = text.split(/[\s,;]+/).map((word) => word.replace(MARKS, ''));
  const names = [...new Set(words)].filter((name) => name !== '');
  const has = new Set(offered);
  return { known: names.filter((name) => has.has(name)), unknown: names.filter((name) => !has.has(name)) };
}
