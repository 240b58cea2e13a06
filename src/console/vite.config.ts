/**
 * Builds the console (run by scripts/build-console.mjs): hashed files, one per page. Must load no third-party source at
 * run time.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/**
 * Properties of the server's table of refusals that no page of the console shows: words for the person, for the
 * application and for docs/errors.md.
 */
const NOT_SHOWN = new Set([
  ...['status', 'oauthError', 'description', 'title', 'sentence', 'advice', 'shown', 'over'],
  ...['whenMore', 'doMore'],
]);

interface AnyNode {
  readonly type: string;
  readonly key?: { readonly name?: string };
  readonly value?: { readonly start: number; readonly end: number };
}

function* walk(node: unknown): Generator<AnyNode> {
  if (typeof node !== 'object' || node === null) return;
  if ('type' in node) yield node as AnyNode;
  for (const part of Object.values(node)) yield* walk(part);
}

/**
 * Removes the properties in NOT_SHOWN from the table of refusals. They would be a fiftieth of the console's first load.
 */
function withoutUnusedWords(): Plugin {
  return {
    name: 'without-unused-words',
    transform: {
      filter: { id: /\/facts\/refusals\/\w+\.ts$/ },
      handler(code) {
        const values = [...walk(this.parse(code))]
          .filter(({ type, key }) => type === 'Property' && NOT_SHOWN.has(key?.name ?? ''))
          .flatMap(({ value }) => value ?? []);
        return values
          .sort((a, b) => b.start - a.start)
          .reduce((text, { start, end }) => `${text.slice(0, start)}0${text.slice(end)}`, code);
      },
    },
  };
}

export default defineConfig({
  plugins: [withoutUnusedWords()],
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/console/',
  // The server replaces this placeholder by a new nonce in each answer.
  html: { cspNonce: '__NONCE__' },
  oxc: { jsx: { runtime: 'automatic', importSource: 'react' } },
  logLevel: 'warn',
  build: {
    target: 'es2022',
    emptyOutDir: true,
    // No inlined images: the page's Content Security Policy would have to allow `data:`.
    assetsInlineLimit: 0,
    // Writes a list of each file's imports, for the test that limits the size of the first load.
    manifest: 'manifest.json',
    reportCompressedSize: false,
    // Turns off the builder's warning about size: a test limits the compressed size of the first load.
    chunkSizeWarningLimit: 1_000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      onwarn(warning, warn) {
        // Ignores directives of server components ("use client"), which mean nothing here.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
});
