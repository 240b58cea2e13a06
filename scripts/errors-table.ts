/**
 * Rewrites the list of refusals in docs/errors.md from the rows in src/facts/refusals: a heading and five lines for
 * each code. Run it after a row changed: `npx tsx scripts/errors-table.ts`. The tidy test compares both.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RefusalRow } from '../src/facts/refusals/row.js';
import { REFUSALS } from '../src/facts/refusals.js';

const START = '<!-- refusals -->';
const END = '<!-- /refusals -->';
const WIDTH = 120;

/** Replaces the placeholders of a text by nouns, and its apostrophes by those of the documents. */
function toProse(words: string): string {
  const named = words.replace(/\{(organization|connection|application)\}/g, 'the $1').replaceAll('’', "'");
  return named.replace(/(^|[.?] )the /g, '$1The ');
}

/** Breaks a list item into lines, without breaking code or links. */
function wrap(item: string): string {
  const lines: string[] = [];
  let line = '-';
  for (const [word] of item.matchAll(/(?:`[^`]*`|\[[^\]]*\]\([^)]*\)|\S)+/g)) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `  ${word}`;
    } else line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}

/** Returns one refusal as a section of docs/errors.md. */
function printRefusal(code: string, row: RefusalRow): string {
  return [
    `### \`${code}\`\n`,
    `- Answer: ${row.status}, \`${row.oauthError}\``,
    `- \`error_description\`: \`${row.description}\``,
    `- The person reads: ${row.title}`,
    wrap(`When: ${toProse(`${row.when} ${row.whenMore ?? ''}`)}`),
    wrap(`Do: ${toProse(`${row.do} ${row.doMore ?? ''}`)}`),
  ].join('\n');
}

/** Returns docs/errors.md with the present list. Throws if the marks of the list are missing. */
export function printErrors(document: string): string {
  const [start, end] = [document.indexOf(START), document.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`docs/errors.md has no ${START} … ${END}`);
  const entries = Object.entries(REFUSALS).map(([code, row]) => printRefusal(code, row));
  return `${document.slice(0, start)}${START}\n\n${entries.join('\n\n')}\n\n${document.slice(end)}`;
}

const path = fileURLToPath(new URL('../docs/errors.md', import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(path, printErrors(readFileSync(path, 'utf8')));
  console.log(`docs/errors.md: ${Object.keys(REFUSALS).length} codes`);
}
