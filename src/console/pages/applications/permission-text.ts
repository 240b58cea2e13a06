/** Splits a pasted text of permissions, as commands and documents print them, into known and unknown names. Pure. */

export interface ReadPermissions {
  /** The known names, each once, in the order of the text. */
  readonly known: readonly string[];
  readonly unknown: readonly string[];
}

/**
 * Reads the names in `text`, separated by spaces, commas, semicolons, line breaks, or list marks of JSON or Markdown.
 */
export function readPermissions(text: string, offered: readonly string[]): ReadPermissions {
  const names = [...new Set(text.split(/[\s,;"'`[\](){}]+/))].filter((name) => name !== '');
  const has = new Set(offered);
  return { known: names.filter((name) => has.has(name)), unknown: names.filter((name) => !has.has(name)) };
}
