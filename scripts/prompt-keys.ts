/**
 * Rewrites src/console/pages/settings/prompt-keys.ts: the languages, and the texts of each prompt that reach a page. The console may not import
 * the server's own tables (it is a client), so it has a copy, which a test compares. `npx tsx scripts/prompt-keys.ts`.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TEXT_PLACES } from '../src/domain/custom-text.js';
import { LANGUAGES } from '../src/domain/languages.js';

export const PROMPT_KEYS_FILE = fileURLToPath(new URL('../src/console/pages/settings/prompt-keys.ts', import.meta.url));

const names = new Intl.DisplayNames('en', { type: 'language' });

/** The file's text. */
export function printPromptKeys(): string {
  const prompts = [...new Set(TEXT_PLACES.map(({ prompt }) => prompt))];
  const rows = prompts.map((prompt) => {
    const keys = TEXT_PLACES.filter((place) => place.prompt === prompt).map(({ screen, key }) => `'${screen}/${key}'`);
    return `  '${prompt}': [\n${[...new Set(keys)].map((key) => `    ${key},\n`).join('')}  ],\n`;
  });
  const languages = LANGUAGES.map((tag) => `  { tag: '${tag}', name: '${names.of(tag)}' },\n`);
  return `/** Made by \`npx tsx scripts/prompt-keys.ts\`: the languages of the pages, and the texts that reach them, by prompt. */

export const LANGUAGES = [
${languages.join('')}] as const;

/** \`screen/key\` by prompt. */
export const PROMPT_KEYS: Readonly<Record<string, readonly string[]>> = {
${rows.join('')}};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(PROMPT_KEYS_FILE, printPromptKeys());
  console.log(PROMPT_KEYS_FILE);
}
