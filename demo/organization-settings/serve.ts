/**
 * Serves `examples/organization-settings`, unchanged, below the demo's application. Bundles it when somebody opens it for
 * the first time (a third of a second), so a checkout needs no build and the demo starts as fast as before. Knows no person:
 * the page has its own client id and no secret, and the API decides.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Addresses } from '../addresses.js';

export const SETTINGS_PATH = '/organization-settings/';

const FOLDER = fileURLToPath(new URL('../../examples/organization-settings/', import.meta.url));

export interface ServedFile {
  readonly type: string;
  readonly body: string;
}

async function bundle(): Promise<ReadonlyMap<string, ServedFile>> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [`${FOLDER}src/main.tsx`],
    outdir: FOLDER,
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const textOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  const index = readFileSync(`${FOLDER}index.html`, 'utf8')
    .replace('/src/main.tsx', 'main.js')
    .replace('</head>', '<link rel="stylesheet" href="main.css">\n</head>');
  return new Map([
    ['', { type: 'text/html', body: index }],
    ['main.js', { type: 'text/javascript', body: textOf('.js') }],
    ['main.css', { type: 'text/css', body: textOf('.css') }],
  ]);
}

/** Returns the policy of the page: its own files, calls of the server, and the server's frame for silent sign-ins. */
export function policyOf({ vestibule, stage }: Addresses): string {
  const own = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data: https:";
  return `${own}; connect-src 'self' ${vestibule}; frame-src ${vestibule}; base-uri 'none'; form-action 'none'; frame-ancestors 'self' ${stage}`;
}

/** Returns a function that finds a file of the page by its name below {@link SETTINGS_PATH}. */
export function createFiles({ vestibule }: Addresses, clientId: string) {
  let files: Promise<ReadonlyMap<string, ServedFile>> | undefined;
  return async (name: string): Promise<ServedFile | undefined> => {
    if (name === 'settings.json')
      return { type: 'application/json', body: JSON.stringify({ domain: vestibule, clientId }) };
    files ??= bundle().catch((error: unknown) => {
      files = undefined;
      throw error;
    });
    return (await files).get(name);
  };
}
