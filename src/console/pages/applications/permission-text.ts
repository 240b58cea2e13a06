/**
 * Splits a pasted list of permissions into known and unknown names. Accepts lists as commands and documents print them.
 * Pure.
 */

export interface ReadPermissions {
  /** The names that the API has, without repetition, in the order of the text. */
  readonly known: readonly string[];
  readonly unknown: readonly string[];
}

/**
 * Reads the names in `text`. They are separated by spaces, line breaks, commas, semicolons, or the quotes and brackets
 * of JSON and Markdown. `offered` are the known names.
 */
export function readPermissions(text: string, offered: readonly string[]): ReadPermissions {
  const names = [...new Set(text.split(/[\s,;"'`[\](){}]+/))].filter((name) => name !== '');
  const has = new Set(offered);
  return { known: names.filter((name) => has.has(name)), unknown: names.filter((name) => !has.has(name)) };
}
