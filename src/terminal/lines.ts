/**
 * Formats text for terminals: tables, wrapped lines, colours on request. Also removes control characters from every
 * line that a command prints ({@link toCleanTerminal}). Never prints: main.ts does.
 */
import { inspect } from 'node:util';
import { COLOUR_MARKS, toPrintable, toPrintableJson, toPrintableLine } from '../kernel/terminal-text.js';
import type { Terminal } from './terminal.js';

export { toPrintable };

export type Colour = 'red' | 'green' | 'yellow' | 'dim' | 'bold';
export type Paint = (text: string, colour: Colour) => string;

/** Numbers of the colours, as Node has them (ECMA-48 SGR). */
function toCode(name: keyof typeof COLOUR_MARKS): number {
  return inspect.colors[name === 'end' ? 'reset' : name]?.[0] ?? 0;
}

/**
 * Creates a painter that marks text as coloured when `colourful`, else returns it unchanged (https://no-color.org). The
 * marks become codes in {@link toTerminalLine}.
 */
export function createPaint(colourful: boolean): Paint {
  return (text, colour) => (colourful ? `${COLOUR_MARKS[colour]}${text}${COLOUR_MARKS.end}` : text);
}

/** Marks text as coloured. {@link toTerminalLine} drops the marks where the output has no colours. */
export const paint: Paint = createPaint(true);

/**
 * Cleans a line: removes all control characters except the colours of {@link createPaint}, which end with the line.
 * Attack: terminal escape injection by names and texts of a tenant, or by errors of a server.
 */
export function toTerminalLine(line: string, colourful: boolean): string {
  const marked = Object.entries(COLOUR_MARKS).reduce((text, [name, mark]) => {
    const code = colourful ? `\u001b[${toCode(name as keyof typeof COLOUR_MARKS)}m` : '';
    return text.replaceAll(mark, code);
  }, toPrintableLine(line));
  const isOpen = marked.lastIndexOf('\u001b') > marked.lastIndexOf('\u001b[0m');
  return isOpen ? `${marked}\u001b[0m` : marked;
}

/** Wraps a terminal so that every printed line is cleaned by {@link toTerminalLine}. Commands get no other terminal. */
export function toCleanTerminal<T extends Terminal>(terminal: T): T {
  const { showLine } = terminal;
  return {
    ...terminal,
    out: (line) => terminal.out(toTerminalLine(line, terminal.colourful)),
    note: (line) => terminal.note(toTerminalLine(line, terminal.colourfulNotes === true)),
    ...(showLine && { showLine: (line: string) => showLine(toTerminalLine(line, terminal.colourfulNotes === true)) }),
  };
}

/**
 * Prints the answer of `--json`, on one line or indented. Escaping keeps its value the same, and keeps control
 * characters from the terminal.
 */
export function printJson(terminal: Pick<Terminal, 'out'>, value: unknown, layout: 'line' | 'indented' = 'line'): void {
  const json = JSON.stringify(value, null, layout === 'line' ? undefined : 2);
  for (const line of toPrintableJson(json).split('\n')) terminal.out(line);
}

/** Breaks `text` at spaces into lines of at most `width` characters; a longer word is cut. */
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
 * Formats rows as aligned columns two spaces apart; the last column wraps within `width` characters. `paintCell` may
 * colour a cell after padding, so that colour codes do not count as width. Cells are made printable ({@link
 * toPrintable}), and the header is bold.
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
  const toLines = (row: readonly string[], paintOne: typeof paintCell): string[] =>
    wrap(row[last] ?? '', room).map((part, index) => {
      const cells = widths.map((columnWidth, column) =>
        index === 0 ? paintOne((row[column] ?? '').padEnd(columnWidth), column) : ' '.repeat(columnWidth),
      );
      return [...cells, part].join('  ').trimEnd();
    });
  const headings = toLines(header, (text) => text).map((line) => paint(line, 'bold'));
  return [...headings, ...rows.flatMap((row) => toLines(row, paintCell))];
}
