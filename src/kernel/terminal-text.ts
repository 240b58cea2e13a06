/**
 * Makes text of others fit for a terminal: names of a tenant, errors of a server, names of files. Attack: a name moves
 * the cursor, forges a line or answers for the operator. So controls (C0 and C1, with them every escape sequence) and
 * characters that reorder or hide text are replaced. Never writes.
 */

/**
 * Controls, format characters (bidi overrides, zero width), line separators, and the noncharacters that mark colours
 * here.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufdd0-\ufdef]/gu;
/** As above, but without the noncharacters that mark colours. */
const UNPRINTABLE_IN_LINE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** The characters that JSON leaves unescaped, except its own line feeds. */
const UNPRINTABLE_IN_JSON = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}\ufdd0-\ufdef]/gu;

/** Replaces every such character by a dot: for a name, an error, a cell of a table. */
export function toPrintable(text: string): string {
  return text.replace(UNPRINTABLE, '\u00b7');
}

/** Replaces them in a whole line that a command prints. Colours ({@link COLOUR_MARKS}) stay marks. */
export function toPrintableLine(line: string): string {
  return line.replace(UNPRINTABLE_IN_LINE, '\u00b7');
}

/** Escapes every such character in JSON, which keeps its value (RFC 8259 section 7). */
export function toPrintableJson(json: string): string {
  return json.replace(UNPRINTABLE_IN_JSON, (found) =>
    Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
      '',
    ),
  );
}

/**
 * Marks of colours between a command and the function that writes: noncharacters, which no text may have (Unicode
 * section 23.7).
 */
export const COLOUR_MARKS = { red: '\ufdd1', green: '\ufdd2', yellow: '\ufdd3', dim: '\ufdd4', end: '\ufdd0' } as const;
