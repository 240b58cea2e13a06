/** Builds the console: hashed files, one per page, no source of anybody else's at run time. scripts/build-console.mjs runs it. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/console/',
  // The server puts a nonce of each answer in its place.
  html: { cspNonce: '__NONCE__' },
  oxc: { jsx: { runtime: 'automatic', importSource: 'react' } },
  logLevel: 'warn',
  build: {
    target: 'es2022',
    emptyOutDir: true,
    // Inlined pictures would need `data:` in the policy of the page.
    assetsInlineLimit: 0,
    // The imports of each file, for the test of the first load.
    manifest: 'manifest.json',
    reportCompressedSize: false,
    // A test holds the size of the first load, compressed.
    chunkSizeWarningLimit: 1_000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      onwarn(warning, warn) {
        // Marks of server components, which mean nothing here.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
});
