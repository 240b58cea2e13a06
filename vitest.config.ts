import { defineConfig } from 'vitest/config';

/** Rules alone: no database, no server, no network. `npm run test:pure` runs them in seconds and starts nothing. */
export const PURE = [
  'test/{domain,kernel,login}/**/*.test.ts',
  'test/rollout/rules/*.test.ts',
  'test/storage/released-migrations.test.ts',
  'test/tooling/cluster-judge.test.ts',
];

/**
 * Tests whose length is their point: real browsers, random histories, whole corpora, a fault at every call, kills, real clocks, processes that
 * misbehave, the packed tarball, tools that take minutes. `npm run test:long` runs them, and CI does; `npm test` leaves them out.
 */
const LONG = [
  'test/{browser,console,demo,faults,time}/**/*.test.ts',
  'test/attacks/every-scope-but-one.test.ts',
  'test/connectors/saml-fuzz.test.ts',
  'test/management/fuzz.test.ts',
  'test/properties/{explain,histories,login-actions,login-histories,permissions}.test.ts',
  'test/rollout/{faults,kill}-auth0.test.ts',
  'test/scenarios/actions-in-the-wild.test.ts',
  'test/scim/histories.test.ts',
  'test/storage/list-plans.test.ts',
];

/** Those of them that get a process of their own: they break what is shared in one, or count what is left behind. */
const LONG_ALONE = [
  'test/actions/{runner/{broken-start,corpus,integrity,leftovers,pool},wild/*}.test.ts',
  'test/guard/{histories,install,kills,race,stories}.test.ts',
  'test/package.test.ts',
  'test/storage/bundled.test.ts',
  'test/tooling/container.test.ts',
  'test/wire/deploy-cli.test.ts',
];

/**
 * Half of the time that the ordinary tests take: parts that few changes touch (commands, rollout, guard, double, doctor, clients of others), and
 * files that wait for something or play one thing in many ways. They run as `whole` does, in `npm run test:long` and in CI.
 */
const MORE = [
  'test/{cli,doctor,double,guard,operators,rollout,wire}/**/*.test.ts',
  'test/attacks/{abandoned-requests,credentials-under-any-name,log-flooding}.test.ts',
  'test/attacks/{account,factors,factors-api}/*.test.ts',
  'test/management/{attack-protection,search-fuzz,signing-keys,terraform}.test.ts',
  'test/my-organization/document.test.ts',
  'test/scenarios/{10,28,30,31,32}-*.test.ts',
  'test/scenarios/{action-*,back-channel-logout,blocked-mail,dbconnections,imported-passwords,limits}.test.ts',
  'test/storage/{login-store,migrate,plans,scim-plans}.test.ts',
  'test/tracing.test.ts',
];

/** Stories of a company's sign-in: `npm test` plays them with OpenID Connect, `npm run test:long` with every other strategy. */
const STORIES = [
  'test/scenarios/{0[1-9],2[1-4],28,30,34}-*.test.ts',
  'test/scenarios/{14-authorize,14-home*,14-organization*,20-foreign*}.test.ts',
];

const globalSetup = ['test/support/global-setup.ts'];

export default defineConfig({
  // Pages are Preact; the same settings as in tsconfig.json.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    reporters: [
      'default',
      './test/support/cost-reporter.ts',
      // .ci/run reads the numbers from a report, and shows at its end what failed.
      [
        './test/support/failures-reporter.ts',
        { outputFile: process.env.TEST_REPORT && `${process.env.TEST_REPORT}.failures` },
      ],
      ...(process.env.TEST_REPORT ? [['json', { outputFile: process.env.TEST_REPORT }] as const] : []),
    ],
    // Keeps transformed modules in node_modules for the next run, which begins five seconds earlier.
    experimental: { fsModuleCache: true },
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A second is vitest's own: on a busy machine it is over before the other side has begun.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...PURE, ...MORE, ...LONG, ...LONG_ALONE],
          globalSetup,
          // A process keeps the server's modules for its next file: nothing in them may remember a test.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'more',
          include: MORE,
          exclude: [...PURE, ...LONG, ...LONG_ALONE],
          globalSetup,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          include: [...LONG, ...STORIES],
          globalSetup,
          isolate: false,
          env: { STORY_STRATEGIES: 'okta waad google-apps samlp' },
        },
      },
      { extends: true, test: { name: 'alone', include: LONG_ALONE, globalSetup } },
    ],
  },
});
