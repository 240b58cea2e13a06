/** Writes docs/command-line.md again, after a command, an option or its text changed: `npx tsx scripts/command-line.ts`. */
import { writeFileSync } from 'node:fs';
import { writeCommandLine } from './docs/command-line.js';
import { ROOT } from './docs/find-documents.js';

writeFileSync(`${ROOT}docs/command-line.md`, await writeCommandLine());
