import { defineConfig } from 'vitest/config';

/** Rules alone: no database, no server, no network. `npm run test:pure` runs them in seconds and starts nothing. */
const PURE = ['test/{domain,kernel,login}/**/*.test.ts'];

export default defineConfig({
  // Pages are Preact; the same settings as in tsconfig.json.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    // .ci/run reads the numbers from a report beside what a person sees.
    reporters: process.env.TEST_REPORT ? ['default', ['json', { outputFile: process.env.TEST_REPORT }]] : ['default'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'pure', include: PURE } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: PURE,
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
  },
});
