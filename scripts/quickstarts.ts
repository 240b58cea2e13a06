/**
 * Rewrites the code in docs/quickstarts from the kits (scripts/docs/quickstarts.ts), and keeps the text around it. Run
 * it after a kit changed: `npx tsx scripts/quickstarts.ts`. A test compares both.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { ROOT } from './docs/find-documents.js';
import { QUICKSTART_IDS, withCode } from './docs/quickstarts.js';

for (const id of QUICKSTART_IDS) {
  const path = `${ROOT}docs/quickstarts/${id}.md`;
  writeFileSync(path, withCode(id, readFileSync(path, 'utf8')));
}
console.log(`docs/quickstarts: ${QUICKSTART_IDS.length} pages`);
