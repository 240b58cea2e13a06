// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults in one network's share of the server: requests of a connection, work in progress, log lines, descriptors and
 * memory.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const ABANDONED = 'test/attacks/abandoned-requests.test.ts';
const GREEDY = 'test/attacks/greedy-network.test.ts';
const LINE = 'test/kernel/fair-line.test.ts';
const QUEUE = 'test/kernel/standing-queue.test.ts';
const OVERLOAD = 'test/wire/overload.test.ts';
const OWN = 'test/kernel/own-limits.test.ts';
const READY = 'test/storage/migrate.test.ts';

export const CROWD_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/http/connections.ts',
    [
      'requests of one packet begin together',
      'if (here.size === 1) serve(request, response);',
      'serve(request, response);',
      GREEDY,
      ABANDONED,
    ],
    [
      'one packet may hold any number of requests',
      'else if (here.size > MOST_UNANSWERED) socket.destroy();',
      '',
      GREEDY,
    ],
    [
      'answers of a closed connection are forgotten',
      'if (made.has(exchange)) exchange.response.emit',
      'if (false) exchange.response.emit',
      GREEDY,
    ],
  ),
  ...mutantsOf(
    'src/http/gate.ts',
    [
      'work counts no more when its connection closes',
      'if (state.isPiped || response.writableEnded) finish();',
      'finish();',
      GREEDY,
    ],
    ['work of a closed connection begins', "response.once('close', onClose);\n    const begin", 'const begin', GREEDY],
    [
      'logins begin while the database is behind',
      'if (isBeginning && !this.#overload.mayBegin()) {',
      'if (isBeginning && !true) {',
      GREEDY,
    ],
    ['health checks wait behind their network', 'if (this.#isHealthCheck(request)) {', 'if (false) {', GREEDY],
    [
      'a client may claim to be a trusted proxy',
      'chain.find((address) => !isTrusted(address))',
      'chain.at(-1)',
      GREEDY,
    ],
    [
      'lines are not served when work is over',
      'this.#line.finish(ticket);\n        this.#keepTurns();',
      'this.#line.finish(ticket);',
      GREEDY,
    ],
  ),
  ...mutantsOf(
    'src/kernel/fair-line.ts',
    [
      'one network may have everything in progress',
      'if (branch.running >= most[branch.width]) return false;',
      '',
      LINE,
      GREEDY,
    ],
    ['logins join a line that is behind', 'if (ticket.isBeginning && this', 'if (false && this', LINE],
    ['one block is a crowd', 'Math.min(most, running + waiting)', 'running + waiting', LINE],
    ['one login that waits refuses the next', 'queued.size >= count && ', '', LINE],
    ['what begins goes before what continues', 'next ?? beginning ??', 'beginning ?? next ??', LINE],
    ['a line without an end', 'if (isFull) {', 'if (false) {', LINE, GREEDY],
    ['the first network in line is always the next', 'line.delete(name);\n      line.set(name, branch);', '', LINE],
    [
      'work that is over at once counts for nothing',
      'branch.begunInTurn >= (this.#isBusy ? whileBusy : perTurn)[branch.width] ||',
      '',
      LINE,
    ],
    [
      'a busy process takes as much as an idle one',
      '(this.#isBusy && branch.running',
      '(false && branch.running',
      LINE,
    ],
    [
      'work that was given up keeps its place in line',
      'this.#unwait(path);\n    this.#forget(path);',
      'this.#forget(path);',
      LINE,
    ],
  ),
  ...mutantsOf(
    'src/http/overload.ts',
    ['one network makes a node refuse logins', '&& readCrowd() > 4 * connections', '', OVERLOAD],
    ['a database that is paused is overload', 'served > before && ', '', OVERLOAD],
    ['with few connections a short queue is overload', 'Math.max(LEAST_CONNECTIONS, ', 'Math.max(1, ', OVERLOAD],
  ),
  ...mutantsOf(
    'src/kernel/standing-queue.ts',
    ['a burst is overload', 'if (this.#looks >= LOOKS) this', 'this', QUEUE],
    ['a process that stood still was overloaded', 'stoodStill ? 1 : this', 'this', QUEUE],
    ['a moment without a queue ends overload', 'if (atMs - this.#lastMs >= CALM_MS) this', 'this', QUEUE],
    ['overload is without an end', 'if (atMs - this.#lastMs >= CALM_MS) this.#isOverloaded = false;', '', QUEUE],
    ['a queue that was empty stands on', '    this.#looks = 0;\n', '', QUEUE],
  ),
  ...mutantsOf(
    'src/kernel/own-limits.ts',
    ['descriptors run out without a word', 'descriptors > mostDescriptors - leastFree', 'false', OWN, READY],
    ['memory runs out without a word', 'heapBytes > mostHeapBytes * MOST_HEAP_SHARE', 'false', OWN, READY],
    [
      'connections may use every descriptor',
      'return Math.min(wanted, Math.max(',
      'return Math.max(wanted, Math.max(',
      OWN,
    ],
  ),
  ...mutantsOf('src/storage/database/health.ts', [
    'readiness looks at the database alone',
    'findShortage(readOwnUse())',
    'undefined',
    READY,
  ]),
];
