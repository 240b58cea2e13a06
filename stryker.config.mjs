/**
 * Mutation testing of the rules: `npm run mutation`, `npm run mutation -- --mutate src/login/4-admit.ts` (docs/reliability.md). Each rule is
 * changed in one place at a time, and the tests of the rules, which need no database, have to notice. What survives is listed in
 * docs/reliability.md with the reason.
 */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'stryker.vitest.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // Pure rules alone. Left out: steps that mostly call ports (their tests are beside the store), types, and whatever does I/O.
  mutate: [
    'src/domain/**/*.ts',
    'src/kernel/{addresses,calendar,ids,json-bounds,networks,text}.ts',
    'src/login/{1-identify,3-resolve,4-admit,address-question,attempt-limits,decide,home-realm,kept,limits-ahead,linking-rules}.ts',
    'src/login/{log-allowance,own-proof,plan,plan-binding,plan-log,refusals,sign-in-time}.ts',
  ],
  // A text emptied: of a sentence for people or for the log that is a question of words, and docs/errors.md compares those. Where a text
  // decides (`=== 'required'`), the comparison itself is changed too, by other mutations.
  mutator: { excludedMutations: ['StringLiteral'] },
  // Both in a folder that git does not see.
  tempDirName: 'artifacts/mutation',
  jsonReporter: { fileName: 'artifacts/mutation.json' },
  reporters: ['clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  ignorePatterns: ['dist', 'artifacts', 'demo', 'bench', 'examples', 'docs', '.demo', '.vestibule'],
  allowConsoleColors: false,
  thresholds: { high: 98, low: 95, break: 95 },
};
