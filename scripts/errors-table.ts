/**
 * Rewrites the table of docs/errors.md from src/login/refusals.ts and keeps its last column, which people write. Run it after
 * a code was added or its texts changed: `npx tsx scripts/errors-table.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { REFUSALS } from '../src/login/refusals.js';

const path = fileURLToPath(new URL('../docs/errors.md', import.meta.url));
const START = '<!-- refusals -->';
const END = '<!-- /refusals -->';

const document = readFileSync(path, 'utf8');
const start = document.indexOf(START);
const end = document.indexOf(END);
if (start < 0 || end < start) throw new Error(`${path} has no ${START} … ${END}`);

const written = new Map(
  [...document.matchAll(/^\| `([a-z]+\.[a-z_]+)` \|.*\| ([^|]*) \|$/gm)].map(([, code = '', text = '']) => [
    code,
    text,
  ]),
);
const rows = Object.entries(REFUSALS).map(
  ([code, { status, oauthError, description, title }]) =>
    `| \`${code}\` | ${status} | \`${oauthError}\` | \`${description}\` | ${title} | ${written.get(code) ?? 'TODO'} |`,
);
const table = [
  '| code | status | `error` | `error_description` | the person reads | when it happens, and what to do |',
  '|---|---|---|---|---|---|',
  ...rows,
].join('\n');

writeFileSync(path, `${document.slice(0, start)}${START}\n${table}\n${document.slice(end)}`);
console.log(
  `docs/errors.md: ${rows.length} codes, ${rows.filter((row) => row.endsWith('| TODO |')).length} to be described`,
);
