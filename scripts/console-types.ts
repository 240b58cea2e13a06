/**
 * Makes src/console/api/schema.d.ts, which is not kept: the types of the Management API's requests and answers, from the document that the server
 * serves, for the operations that do something here. `npm run check` makes it first; run it to let an editor see them: `npx tsx scripts/console-types.ts`.
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
