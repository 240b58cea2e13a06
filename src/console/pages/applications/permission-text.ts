/** A text of permissions, as commands and documents print them, taken apart: those that an API has, and the words that it has not. Pure. */

export interface ReadPermissions {
  /** Each once, in the order of the text. */
  readonly known: readonly string[];
  readonly unknown: readonly string[];
}

/** The names in `text`, between spaces, commas, semicolons, lines, or marks of a list in JSON or Markdown. */
export function readPermissions(text: string, offered: readonly string[]): ReadPermissions {
  const names = [...new Set(text.split(/[\s,;"'`[\](){}]+/))].filter((name) => name !== '');
  const has = new Set(offered);
  return { known: names.filter((name) => has.has(name)), unknown: names.filter((name) => !has.has(name)) };
}
