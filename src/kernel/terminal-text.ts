/**
 * Makes foreign texts safe to print in a terminal: names of a tenant, errors of a server, names of files. Attack: a
 * name moves the cursor, forges a line or answers for the operator. So controls (C0 and C1, with them every escape
 * sequence) and characters that reorder or hide text are replaced. Never writes.
 */

/**
 * Control characters, format characters (bidi overrides, zero width), line separators, and the noncharacters of {@link
 * COLOUR_MARKS}.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufdd0-\ufdef]/gu;
/** The characters of {@link UNPRINTABLE}, except the noncharacters that mark colours. */
const UNPRINTABLE_IN_LINE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** The unprintable characters that JSON may contain unescaped, except the line feeds of its layout. */
const UNPRINTABLE_IN_JSON = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}\ufdd0-\ufdef]/gu;

/** Replaces every unprintable character by a dot: for a name, an error, a cell of a table. */
export function toPrintable(text: string): string {
  return text.replace(UNPRINTABLE, '\u00b7');
}

/** Replaces every unprintable character by a dot in a line that a command prints, except the {@link COLOUR_MARKS}. */
export function toPrintableLine(line: string): string {
  return line.replace(UNPRINTABLE_IN_LINE, '\u00b7');
}

/** Escapes every unprintable character in JSON; its value stays the same (RFC 8259 section 7). */
export function toPrintableJson(json: string): string {
  return json.replace(UNPRINTABLE_IN_JSON, (found) =>
    Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
      '',
    ),
  );
}

/**
 * Characters with which a command marks coloured text; toTerminalLine turns them into colour codes. They are
 * noncharacters, which no exchanged text should have (Unicode section 23.7).
 */
export const COLOUR_MARKS = {
  red: '\ufdd1',
  green: '\ufdd2',
  yellow: '\ufdd3',
  dim: '\ufdd4',
  bold: '\ufdd5',
  end: '\ufdd0',
} as const;
