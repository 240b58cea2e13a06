// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in the answer to problems of the database: silence, locks, poolers, standbys. */
import { type Mutant, mutantsOf } from './mutant.js';

const SILENT = 'test/faults/silent-database.test.ts';
const PLACES = 'test/storage/shares.test.ts';
const LOCKED = 'test/faults/locked-organization.test.ts';
const READER = 'test/faults/migration-behind-a-reader.test.ts';
const OUTBOX = 'test/storage/outbox.test.ts';
const JOBS = 'test/storage/action-jobs.test.ts';
const POOLED = 'test/faults/transaction-pooler.test.ts';
const SCHEMA = 'test/storage/migrate.test.ts';
const STANDBY = 'test/faults/hanging-standby.test.ts';
const POOL = 'test/storage/pool.test.ts';
const LOG = 'test/faults/folded-log.test.ts';
const AWAY = 'test/faults/start-without-database.test.ts';
const ANSWER = 'test/storage/lost-answer.test.ts';
const EDGES = 'test/faults/commit-edges.test.ts';
const ROTATION = 'test/oauth/lost-rotation.test.ts';

const CONNECTIONS = [
  ...mutantsOf('src/storage/database/connection.ts', [
    'a pool stays at the standby that was the primary',
    'if (!isSilence(error) && !isAtStandby(error)) return;',
    'if (!isSilence(error)) return;',
    POOL,
  ]),
  ...mutantsOf('src/storage/database/connection.ts', [
    'a silent connection is kept',
    'if (!isSilence(error) && !isAtStandby(error)) return;',
    'if (rules !== undefined) return;',
    SILENT,
  ]),
  ...mutantsOf('src/storage/database/health.ts', [
    'a node stays at the standby that it once found',
    'dropIdle(pool);',
    '',
    SCHEMA,
  ]),
  ...mutantsOf(
    'src/storage/database/away.ts',
    [
      'a wrong password is waited for',
      "return LOST.test(state) || LOST_MESSAGE.test(message) ? 'the database cannot be reached' : undefined;",
      "return 'the database cannot be reached';",
      AWAY,
    ],
    ['each try writes a log line', 'nowMs - said.atMs >= SAY_EVERY_MS', 'true', AWAY],
  ),
  ...mutantsOf(
    'src/storage/database/pool.ts',
    ['each statement of a transaction has the whole deadline', 'setDeadline(client, deadline);', '', POOL],
    [
      'no limit to the wait for an answer',
      'options.readTimeoutMs ?? statementTimeoutMs + GRACE_MS',
      '0 * (options.readTimeoutMs ?? statementTimeoutMs + GRACE_MS)',
      SILENT,
    ],
    [
      'unused connections outlive a silent one',
      'onSilent: () => dropIdle(pool)',
      'onSilent: () => dropIdle === undefined',
      SILENT,
    ],
  ),
];

const SHARES = mutantsOf(
  'src/storage/shares.ts',
  ['no share per organization', 'Math.max(1, Math.floor(max / 4))', 'max', LOCKED],
  ['no share per person', 'Math.max(1, Math.floor(perOrganization / 2))', 'perOrganization', PLACES],
  ['each queue has the whole wait', 'Math.max(0, deadline.leftMs() - lastMs)', 'waitMs', PLACES],
  ['writes that wait for a place are not counted', 'this.count.waiting += 1;', '', PLACES],
);

const READINESS = mutantsOf(
  'src/storage/database/health.ts',
  ['a read-only database is ready', 'if (row?.read_only) return', 'if (row === undefined) return', SCHEMA],
  ['a changed migration is ready', 'findPending(files, known)', 'findPending([], [])', SCHEMA],
  ['readiness only reads', 'await commits.check()', '({ ready: true } as Readiness)', STANDBY],
  [
    'each check leaves a commit that waits',
    'if (this.#stuck !== undefined && (await this.#isStuck(this.#stuck))) return WAITS;',
    '',
    STANDBY,
  ],
  [
    'another process is taken for the commit that waits',
    "\n  and xact_start < clock_timestamp() - interval '1 second'",
    '',
    STANDBY,
  ],
  ['each check writes', 'if (this.clock.monotonicMs() < this.#countsUntilMs) return { ready: true };', '', STANDBY],
);

const LOST = [
  ...mutantsOf('src/storage/database/lost-answer.ts', [
    '"nobody answers" is taken for "no"',
    'if (!(error instanceof Fault && error.retryable)) throw error;',
    'throw error;',
    ANSWER,
    EDGES,
  ]),
  ...mutantsOf('src/storage/tokens/write.ts', [
    'a rotation whose answer was lost is theft at the next try',
    'if (rotation !== undefined) lostRotationsOf(pool).add(rotation);',
    '',
    ROTATION,
  ]),
  ...mutantsOf(
    'src/http/oauth/grant-refresh-token.ts',
    [
      'a node that woke does what nobody waits for',
      'if (client.refreshRotating && request.isLate()) throw tooLate();',
      '',
      ROTATION,
    ],
    ['a rotation stays whose sender gave up while the node stood still', '(isLate || !request', '(!request', ROTATION],
    [
      'a request whose sender is gone ends a family',
      ' || !request.isWanted()) return true;',
      ') return true;',
      ROTATION,
    ],
  ),
  ...mutantsOf(
    'src/storage/tokens/lost-rotations.ts',
    [
      'a new token that somebody uses is taken back',
      'and n.rotated_at is null and n.revoked_at is null\n  returning',
      'returning',
      ROTATION,
    ],
    [
      'a rotation is undone without a look at its repeat',
      "await queryNamed(db, 'tokens-lock-lost', LOCK, key);",
      '',
      ROTATION,
    ],
    [
      'of two lost repeats one leaves the old token used',
      'and not exists (select from gone x where x.user_id = o.user_id and x.next_hash = o.token_hash))',
      ')',
      ROTATION,
    ],
    [
      'a token that was used twice counts as free',
      'and token_hash = $2 and rotated_at is null and revoked_at is null`',
      'and token_hash = $2`',
      ROTATION,
    ],
  ),
];

const FOLDED = mutantsOf(
  'src/compose/folded-log.ts',
  ['an outage fills the disk of the log', 'if (kind.written >= WRITTEN) {', 'if (kind === undefined) {', LOG],
  ['lines about a bug are left out', 'if (err instanceof Fault && err.retryable)', 'if (err instanceof Error)', LOG],
  ['lines about a full queue are left out', 'isOfDatabase(err) ? err.message : undefined', 'err.message', LOG],
  ['nobody says how many lines were left out', 'if (leftOut === 0) {', 'if (leftOut >= 0) {', LOG],
);

const MIGRATION = mutantsOf(
  'src/storage/database/migrate.ts',
  ['a migration gives up at the first reader', 'tries >= patience.tries ||', 'tries >= 1 ||', READER],
  ['every later migration is compatible', 'filter(({ isCompatible }) => !isCompatible)', 'filter(() => false)', SCHEMA],
  ['no later migration is compatible', 'filter(({ isCompatible }) => !isCompatible)', 'filter(() => true)', SCHEMA],
);

const POOLER = [
  ...mutantsOf('src/storage/database/pooler.ts', [
    'a pooler that drops the limits is not noticed',
    'rows[0].limit !== lockTimeoutMs',
    'rows[0].limit < 0',
    POOLED,
  ]),
  ...mutantsOf('src/storage/database/connection.ts', [
    'statements keep their names',
    'rules.unnamed ? withoutName(args[0])',
    'rules.unnamed ? args[0]',
    POOLED,
  ]),
];

const WORKER = mutantsOf(
  'src/storage/jobs/worker.ts',
  ['two nodes work on one row', ' for update skip locked))', '))', OUTBOX, JOBS],
  [
    'a row of a dead node never comes back',
    'set next_attempt_at = $2, attempts',
    "set next_attempt_at = 'infinity', attempts",
    OUTBOX,
  ],
  [
    'a late end overwrites a newer lease',
    'where id = $1 and attempts = $2 and ${waiting}',
    'where id = $1 and ${waiting}',
    OUTBOX,
  ],
  ['a failed row waits for its lease', "if (end.kind === 'later') {", 'if (end === undefined) {', OUTBOX, JOBS],
);

export const DATABASE_MUTANTS: readonly Mutant[] = [
  ...CONNECTIONS,
  ...SHARES,
  ...READINESS,
  ...LOST,
  ...FOLDED,
  ...MIGRATION,
  ...POOLER,
  ...WORKER,
];
