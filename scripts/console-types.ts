/**
 * Writes src/console/api/schema.d.ts, which is not in git: the types of the Management API's requests and answers. They
 * come from the document that the server serves, and cover the operations that have an effect. `npm run check` writes
 * the file first. Run it once so that an editor finds the types: `npx tsx scripts/console-types.ts`.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import type { ManagementDeps } from '../src/management/api/deps.js';
import { toOpenApi } from '../src/management/api/openapi.js';
import { createOperations } from '../src/management/resources.js';

export const CONSOLE_TYPES = fileURLToPath(new URL('../src/console/api/schema.d.ts', import.meta.url));

const HEADER =
  '/** Made by `npx tsx scripts/console-types.ts` from the served OpenAPI document. Not written by hand. */\n';

/** The text of the file. Nothing is called: the declarations alone are read. */
export async function printConsoleTypes(): Promise<string> {
  const operations = createOperations({} as ManagementDeps).filter(({ absent }) => absent !== true);
  const document = toOpenApi(operations, 'https://vestibule.example');
  return HEADER + astToString(await openapiTS(document as OpenAPI3, { alphabetize: true, immutable: true }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(CONSOLE_TYPES, await printConsoleTypes());
  console.log(CONSOLE_TYPES);
}
