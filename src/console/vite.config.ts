/**
 * Builds the console: hashed files, one per page, and no third-party source at run time. scripts/build-console.mjs runs
 * it.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/** The words of a refusal for the person and the application, and those for docs/errors.md: no page here shows them. */
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

/** Leaves the words that nobody reads here out of the rows of refusals, which are a fiftieth of the first load. */
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
  // The server replaces it by a nonce for each answer.
  html: { cspNonce: '__NONCE__' },
  oxc: { jsx: { runtime: 'automatic', importSource: 'react' } },
  logLevel: 'warn',
  build: {
    target: 'es2022',
    emptyOutDir: true,
    // Inlined images would need `data:` in the page's policy.
    assetsInlineLimit: 0,
    // The imports of each file, for the test of the first load's size.
    manifest: 'manifest.json',
    reportCompressedSize: false,
    // A test limits the compressed size of the first load.
    chunkSizeWarningLimit: 1_000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      onwarn(warning, warn) {
        // Directives of server components, which mean nothing here.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
});
