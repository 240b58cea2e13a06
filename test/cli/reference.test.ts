/** docs/command-line.md is what the commands print. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { writeCommandLine } from '../../scripts/docs/command-line.js';
import { ROOT } from '../../scripts/docs/find-documents.js';

test('docs/command-line.md has the help of every command, as it is printed', async () => {
  const written = readFileSync(`${ROOT}docs/command-line.md`, 'utf8');
  expect(written, 'npx tsx scripts/command-line.ts writes it anew').toBe(await writeCommandLine());
  expect(written.match(/^#{2,3} `vestibule/gm)?.length).toBeGreaterThan(12);
});
