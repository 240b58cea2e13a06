/**
 * Reads the links and headings of a Markdown document, as a git host does. Ignores text inside code. Works on strings,
 * never on files.
 */

/** A link or a picture, with the places of its parts in the text. */
export interface MarkdownLink {
  readonly isPicture: boolean;
  readonly target: string;
  readonly line: number;
  /** Offsets of the whole link, from its `[` or `!` to the character after its `)`. */
  readonly start: number;
  readonly end: number;
  /** Offsets of the target. */
  readonly targetStart: number;
  readonly label: string;
}

export interface Heading {
  readonly level: number;
  readonly text: string;
  /** The id that a git host gives the heading, unique in the document. */
  readonly slug: string;
  readonly line: number;
}

const blank = (text: string): string => text.replaceAll(/[^\n]/g, '\0');

/** Blanks `code`, and leaves a backtick without a partner unchanged. */
function maskSpans(text: string): string {
  let masked = '';
  let at = 0;
  while (at < text.length) {
    const tick = text.indexOf('`', at);
    if (tick < 0) return masked + text.slice(at);
    const run = /^`+/.exec(text.slice(tick))?.[0] ?? '';
    const after = tick + run.length;
    const paragraph = text.indexOf('\n\n', after);
    const end = findRun(text, run, after);
    if (end < 0 || (paragraph >= 0 && end > paragraph)) {
      masked += text.slice(at, after);
      at = after;
    } else {
      masked += text.slice(at, tick) + blank(text.slice(tick, end + run.length));
      at = end + run.length;
    }
  }
  return masked;
}

/** Returns the offset of the next `run` that has no further backtick beside it; -1 if there is none. */
function findRun(text: string, run: string, from: number): number {
  for (let at = text.indexOf(run, from); at >= 0; at = text.indexOf(run, at)) {
    let end = at;
    while (text[end] === '`') end += 1;
    if (end - at === run.length) return at;
    at = end;
  }
  return -1;
}

/** Returns the text at its full length, with everything inside code blanked. */
export function maskCode(text: string): string {
  let fence = '';
  const parts: { isCode: boolean; lines: string[] }[] = [];
  const push = (isCode: boolean, line: string): void => {
    const last = parts.at(-1);
    if (last?.isCode === isCode) last.lines.push(line);
    else parts.push({ isCode, lines: [line] });
  };
  for (const line of text.split('\n')) {
    const mark = /^ *(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    const isEnd = fence !== '' && mark.startsWith(fence) && line.trim() === mark;
    push(fence !== '' || mark !== '', line);
    if (isEnd) fence = '';
    else if (fence === '') fence = mark;
  }
  return parts.map(({ isCode, lines }) => (isCode ? blank : maskSpans)(lines.join('\n'))).join('\n');
}

/** Returns the offset of the label's `[` for the `]` at `close`; -1 if there is none. */
function findOpening(masked: string, close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at -= 1) {
    if (masked[at] === ']') depth += 1;
    if (masked[at] === '[') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** Returns all links `[label](target)` and pictures `![label](target)`, in the order of their ends. */
export function readLinks(text: string): readonly MarkdownLink[] {
  const masked = maskCode(text);
  const links: MarkdownLink[] = [];
  for (let close = masked.indexOf(']('); close >= 0; close = masked.indexOf('](', close + 1)) {
    const open = findOpening(masked, close);
    const end = masked.indexOf(')', close);
    if (open < 0 || end < 0) continue;
    const isPicture = masked[open - 1] === '!';
    links.push({
      isPicture,
      target: text.slice(close + 2, end),
      line: text.slice(0, close).split('\n').length,
      start: isPicture ? open - 1 : open,
      end: end + 1,
      targetStart: close + 2,
      label: text.slice(open + 1, close),
    });
  }
  return links;
}

/**
 * Returns a heading's id as git hosts make it: lower case, hyphens for spaces, and only letters, digits, `-` and `_`.
 */
export function toSlug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** Returns the headings with their ids. The second heading of the same text gets `…-1`. */
export function readHeadings(text: string): readonly Heading[] {
  const seen = new Map<string, number>();
  const lines = text.split('\n');
  return maskCode(text)
    .split('\n')
    .flatMap((masked, index) => {
      const level = /^#{1,6}(?= )/.exec(masked)?.[0].length ?? 0;
      if (level === 0) return [];
      const written = (lines[index] ?? '').slice(level).trim();
      const shown = readLinks(written).reduceRight(
        (rest, { start, end, label }) => rest.slice(0, start) + label + rest.slice(end),
        written,
      );
      const plain = shown.replaceAll('`', '').replaceAll('**', '');
      const base = toSlug(plain);
      const times = seen.get(base) ?? 0;
      seen.set(base, times + 1);
      return [{ level, text: plain, slug: times === 0 ? base : `${base}-${times}`, line: index + 1 }];
    });
}
