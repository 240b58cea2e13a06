// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in the server's process: time limits, shutdown, keys and certificates. */
import { type Mutant, mutantsOf } from './mutant.js';

const SLOW = 'test/faults/slow-clients.test.ts';
const ROTATION = 'test/faults/key-rotation.test.ts';
const SIGNING = 'test/faults/signing-key-rotation.test.ts';
const ISSUER = 'test/tokens/token-issuer.test.ts';
const RELOAD = 'test/faults/certificate-reload.test.ts';
const PROXY = 'test/proxy-warning.test.ts';
const STOPPING = 'test/faults/stopping.test.ts';

export const PROCESS_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/http/listener.ts',
    ['a body without an end', 'requestTimeout: requestSeconds * 1_000,', 'requestTimeout: 0,', SLOW],
    ['idle connections for good', 'keepAliveTimeout: idleSeconds * 1_000,', 'keepAliveTimeout: 0,', SLOW],
  ),
  ...mutantsOf(
    'src/http/connections.ts',
    ['one network may have every connection', 'if (full !== undefined) {', 'if (false) {', SLOW],
    ['any number of connections', 'server.maxConnections = this.options.maximum;', '', SLOW],
    [
      'uploads of strangers are waited for as logins are',
      'some(({ request }) => request.complete)',
      'some(() => true)',
      STOPPING,
    ],
    ['logins in flight are cut', '(limits.answering && this.#isAnswering())', 'false', STOPPING],
    ['no end to a login in flight', 'limits[limit] = false;', "limits[limit] = limit === 'answering';", STOPPING],
  ),
  ...mutantsOf('src/kernel/seal.ts', [
    'a former key opens nothing',
    'for (const other of former) {',
    'for (const other of []) {',
    ROTATION,
  ]),
  ...mutantsOf(
    'src/storage/secrets/sealed-columns.ts',
    ['a value sealed for another place', 'box.seal(plain, place.toContext(row))', "box.seal(plain, '')", ROTATION],
    [
      'resealing passes over what is behind the first batch',
      'if (last === undefined || rows.length < BATCH) return;',
      'if (rows.length >= 0) return;',
      'test/storage/sealed-columns.test.ts',
    ],
    [
      'resealing overwrites what was written meanwhile',
      'where ${column} = $2 and ${where} returning',
      'where ($2::bytea is not null) and ${where} returning',
      'test/storage/sealed-columns.test.ts',
    ],
  ),
  ...mutantsOf(
    'src/tokens/signing-keys.ts',
    [
      'a key signs before whoever keeps the key set has it',
      'ageSeconds(key.createdAt, now) > PUBLISH_SECONDS',
      'ageSeconds(key.createdAt, now) > LOADED_SECONDS',
      ISSUER,
      SIGNING,
    ],
    [
      'a key that signs no more is known no more',
      'end === undefined || ageSeconds(end, now) < RETIRED_KEY_KNOWN_SECONDS',
      'end === undefined || end > now',
      ISSUER,
      SIGNING,
    ],
    [
      'the only key that nodes know is taken away',
      'others.some((key) => ageSeconds(key.createdAt, now) > LOADED_SECONDS)',
      'others.length > 0',
      SIGNING,
    ],
  ),
  ...mutantsOf('src/http/client-error.ts', [
    'a second answer after the first',
    'const isAnswered = exchange?.response.headersSent === true;',
    'const isAnswered = false;',
    SLOW,
  ]),
  ...mutantsOf(
    'src/http/certificate-watch.ts',
    ['what is wrong is told at every look', '!trouble.isTold)', 'true)', RELOAD],
    [
      'two files have to be written in one moment',
      'if (isAsked || (trouble?.reason === reason',
      'if (isAsked || true || (trouble?.reason === reason',
      RELOAD,
    ],
  ),
  ...mutantsOf(
    'src/http/proxy-warning.ts',
    ['a warning for every request', 'told.has(peer)) return;', 'false) return;', PROXY],
    ['any number of warnings', 'told.size >= MOST_PEERS ||', '', PROXY],
    ['a warning about a proxy that is trusted', 'if (!isTrusted(peer)) {', 'if (peer) {', PROXY],
  ),
  ...mutantsOf('src/http/server.ts', [
    'ready while it stops',
    '= options.listener.isStopping()',
    '= !options',
    STOPPING,
  ]),
  ...mutantsOf('src/main.ts', [
    'the tools for a tenant load the server',
    "import { PRIMARY_VARIABLE, type World } from './cli/world.js';",
    "import './compose/server.js';\nimport { PRIMARY_VARIABLE, type World } from './cli/world.js';",
    'test/cli/tools-alone.test.ts',
  ]),
  ...mutantsOf('src/kernel/source-places.ts', [
    'a broken map of the bundle hides the error',
    '    } catch {\n',
    '    } catch (error) {\n      throw error;\n',
    'test/kernel/source-places.test.ts',
  ]),
];
