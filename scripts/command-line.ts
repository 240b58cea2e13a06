/**
 * Rewrites docs/command-line.md. Run it after a change of a command, an option or its text: `npx tsx
 * scripts/command-line.ts`.
 */
import { writeFileSync } from 'node:fs';
import { writeCommandLine } from './docs/command-line.js';
import { ROOT } from './docs/find-documents.js';

writeFileSync(`${ROOT}docs/command-line.md`, await writeCommandLine());
