/** Faults in the process around the logins: time-outs, its end, its keys and certificates. */
import { type Mutant, mutantsOf } from './mutant.js';

const SLOW = 'test/faults/slow-clients.test.ts';
const STOPPING = 'test/faults/stopping.test.ts';

export const PROCESS_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/http/listener.ts',
    ['a body without an end', 'requestTimeout: requestSeconds * 1_000,', 'requestTimeout: 0,', SLOW],
    ['headers without an end', 'headersTimeout: requestSeconds * 500,', 'headersTimeout: 0,', SLOW],
    ['idle connections for good', 'keepAliveTimeout: idleSeconds * 1_000,', 'keepAliveTimeout: 0,', SLOW],
    [
      'no delay before the port is closed',
      'const delayMs = app.server.listening ?',
      'const delayMs = stopping ? 0 :',
      STOPPING,
    ],
  ),
  ...mutantsOf(
    'src/http/connections.ts',
    [
      'one network may have every connection',
      'if (open >= Math.ceil(this.options.maximum / SHARE)) {',
      'if (false) {',
      SLOW,
    ],
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
  ...mutantsOf('src/http/client-error.ts', [
    'a second answer after the first',
    'const isAnswered = exchange?.response.headersSent === true;',
    'const isAnswered = false;',
    SLOW,
  ]),
  ...mutantsOf('src/http/server.ts', [
    'ready while it stops',
    "options.listener.isStopping() ? 'the server is stopping' : found",
    'found',
    STOPPING,
  ]),
];
