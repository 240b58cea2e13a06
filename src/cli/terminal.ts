/**
 * Text for terminals: aligned tables that fit a width, and colour that is off unless a terminal asked for it. Never writes:
 * commands get lines and print them where they belong (answers on stdout, everything else on stderr).
 */

export type Colour = 'red' | 'green' | 'yellow' | 'dim';
export type Paint = (text: string, colour: Colour) => string;

const CODES: Readonly<Record<Colour, number>> = { red: 31, green: 32, yellow: 33, dim: 2 };

/** Colours text with ANSI codes when `colourful`, else returns it as it is (https://no-color.org). */
export function createPaint(colourful: boolean): Paint {
  return (text, colour) => (colourful ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text);
}

/**
 * Removes control and format characters from text that came from elsewhere: a display name from an identity provider must not move the
 * cursor, colour the screen or reorder it (terminal escape injection, right-to-left override).
 */
export function toPrintable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u00b7');
}

/** Breaks `text` at blanks into lines of at most `width` characters; a longer word is cut. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    let rest = word;
    if (line !== '' && line.length + 1 + rest.length > width) {
      lines.push(line);
      line = '';
    }
    while (rest.length > width) {
      lines.push(rest.slice(0, width));
      rest = rest.slice(width);
    }
    line = line === '' ? rest : `${line} ${rest}`;
  }
  lines.push(line);
  return lines;
}

/**
 * Rows as aligned columns two blanks apart; the last column wraps within `width` characters. `paintCell` may colour a
 * cell after it has been padded, so that colour codes do not count as width. Cells are made printable ({@link toPrintable}).
 */
export function formatTable(
  header: readonly string[],
  given: readonly (readonly string[])[],
  width: number,
  paintCell: (text: string, column: number) => string = (text) => text,
): readonly string[] {
  const rows = given.map((row) => row.map(toPrintable));
  const last = header.length - 1;
  const widths = header.slice(0, last).map((title, column) => {
    return Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length));
  });
  const indent = widths.reduce((sum, columnWidth) => sum + columnWidth + 2, 0);
  const room = Math.max(20, width - indent);
  const toLines = (row: readonly string[], paint: typeof paintCell): string[] =>
    wrap(row[last] ?? '', room).map((part, index) => {
      const cells = widths.map((columnWidth, column) =>
        index === 0 ? paint((row[column] ?? '').padEnd(columnWidth), column) : ' '.repeat(columnWidth),
      );
      return [...cells, part].join('  ').trimEnd();
    });
  return [...toLines(header, (text) => text), ...rows.flatMap((row) => toLines(row, paintCell))];
}
