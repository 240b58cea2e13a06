/**
 * Builds the console: hashed files, one per page, and no third-party source at run time. scripts/build-console.mjs runs
 * it.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
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
