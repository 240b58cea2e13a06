/**
 * Rewrites the list of refusals in docs/errors.md from src/facts/refusals: a heading and three lines for each code. Keeps the lines below them
 * (`- When:`, `- Do:`), which people write. Run it after a code was added or its texts changed: `npx tsx scripts/errors-table.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { REFUSALS } from '../src/facts/refusals.js';

const path = fileURLToPath(new URL('../docs/errors.md', import.meta.url));
const START = '<!-- refusals -->';
const END = '<!-- /refusals -->';
const UNWRITTEN = '- When: TODO\n- Do: TODO';

const document = readFileSync(path, 'utf8');
const start = document.indexOf(START);
const end = document.indexOf(END);
if (start < 0 || end < start) throw new Error(`${path} has no ${START} … ${END}`);

const written = new Map(
  document
    .slice(start, end)
    .split(/^### /m)
    .slice(1)
    .map((part) => [
      /^`([a-z]+\.[a-z_]+)`\n/.exec(part)?.[1] ?? '',
      /^- When: [\s\S]*/m.exec(part)?.[0].trim() ?? UNWRITTEN,
    ]),
);
const entries = Object.entries(REFUSALS).map(([code, { status, oauthError, description, title }]) =>
  [
    `### \`${code}\`\n`,
    `- Answer: ${status}, \`${oauthError}\``,
    `- \`error_description\`: \`${description}\``,
    `- The person reads: ${title}`,
    written.get(code) ?? UNWRITTEN,
  ].join('\n'),
);

writeFileSync(path, `${document.slice(0, start)}${START}\n\n${entries.join('\n\n')}\n\n${document.slice(end)}`);
console.log(
  `docs/errors.md: ${entries.length} codes, ${entries.filter((entry) => / TODO$/m.test(entry)).length} to be described`,
);
