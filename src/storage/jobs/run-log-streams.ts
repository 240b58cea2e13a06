/**
 * Sends the log to the endpoints of streams: in order, at least once, each stream by one node at a time. The cursor
 * moves only after the endpoint accepted the lines, and only under the lease with which they were read; after a crash
 * in between the same lines are sent again. Holds no transaction open while waiting for an endpoint, and no login waits
 * for one. Never logs a line or a header.
 */
import { isWanted, type LogStreamSink } from '../../domain/log-stream.js';
import { addSeconds } from '../../kernel/clock.js';
import { type Entropy, newLogId } from '../../kernel/ids.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { LogDirectory, LogPosition, SettledLine } from '../../ports/directory/logs.js';
import type { LogDelivery } from '../../ports/log-delivery.js';
import { insertLogEntry } from '../database/ledger.js';
import { inTransaction, queryRows } from '../database/pool.js';
import type { LogStreamsTable } from '../schema/schema-log-streams.js';
import { openStreamSecrets } from './log-streams.js';
import {
  backOff,
  type Claimed,
  createRowWorker,
  ENDED,
  type RowWorker,
  type WorkEnd,
  type WorkerParts,
} from './worker.js';

export interface LogStreamWorkerOptions extends WorkerParts {
  readonly box: SecretBox;
  readonly logs: Pick<LogDirectory, 'listSettled'>;
  readonly delivery: LogDelivery;
  readonly entropy: Entropy;
}

/** Renewed with every batch; much longer than a request may take. */
const LEASE_SECONDS = 60;
/** Time between two checks of a stream that has sent everything. */
const LOOK_SECONDS = 2;
const FIRST_RETRY_SECONDS = 2;
const LONGEST_RETRY_SECONDS = 600;
/** A stream whose endpoint accepted nothing for this long is suspended until somebody sets it to active again. */
export const SUSPEND_SECONDS = 3 * 86_400;
/** Maximum number of lines read by one statement. */
const READ = 100;
/** Seconds after which the node's other streams get their turn. */
const TURN_SECONDS = 5;
/** Maximum characters of the details in one request: one line may have some ten thousand. */
const MAX_CHARACTERS = 500_000;

type Columns = Pick<
  LogStreamsTable,
  'filters' | 'endpoint' | 'content_type' | 'content_format' | 'secrets_sealed' | 'sent_position' | 'sent_log_id'
>;
interface StreamRow extends Claimed, Columns {
  readonly start_from: Date | null;
  readonly failing_since: Date | null;
  readonly revision: string;
}

/** $1: id, $2: number of the lease, $3: position, $4: log id, $5: end of the renewed lease. */
const ADVANCE = `
  update log_streams set sent_position = $3, sent_log_id = $4, next_attempt_at = $5, failing_since = null, failures = 0, last_error = null
   where id = $1 and attempts = $2 returning status, revision`;
/** $1: id, $2: number of the lease, $3: now. */
const COUNT_FAILURE = `
  update log_streams set failures = failures + 1, failing_since = coalesce(failing_since, $3)
   where id = $1 and attempts = $2 and status = 'active' returning failures, failing_since`;
/** $1: id, $2: number of the lease, $3: now, $4: reason. */
const SUSPEND = `
  update log_streams set status = 'suspended', updated_at = $3, last_error = $4
   where id = $1 and attempts = $2 and status = 'active' returning name`;

/** Suspends the stream and writes a log line about that, for people who read the log in the console or by the API. */
async function suspend(options: LogStreamWorkerOptions, row: StreamRow, reason: string): Promise<WorkEnd> {
  const { pool, clock, entropy, log } = options;
  const date = clock.now();
  await inTransaction(pool, async (db) => {
    const [stream] = await queryRows<{ name: string }>(db, SUSPEND, [row.id, row.attempts, date, reason]);
    if (stream === undefined) return;
    await insertLogEntry(db, {
      logId: newLogId(entropy, date),
      date,
      type: 'log_stream_suspended',
      description: `The log stream ${stream.name} is suspended: its endpoint took nothing for three days`,
      details: { log_stream_id: row.id, reason },
    });
  });
  log.error({ stream: row.id, reason }, 'a log stream is suspended');
  return ENDED;
}

async function fail(options: LogStreamWorkerOptions, row: StreamRow, reason: string): Promise<WorkEnd> {
  const { pool, clock, log } = options;
  const now = clock.now();
  const [counted] = await queryRows<{ failures: number; failing_since: Date }>(pool, COUNT_FAILURE, [
    row.id,
    row.attempts,
    now,
  ]);
  if (counted === undefined) return { kind: 'lost' };
  log.warn({ stream: row.id, failures: counted.failures, reason }, 'a log stream could not send');
  if (now >= addSeconds(counted.failing_since, SUSPEND_SECONDS)) return suspend(options, row, reason);
  return {
    kind: 'later',
    at: addSeconds(now, backOff(counted.failures, FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS)),
    reason,
  };
}

/** Returns as many of the first lines as fit into one request, but at least one. */
function cutBatch(lines: readonly SettledLine[], most: number): readonly SettledLine[] {
  let characters = 0;
  const end = lines.slice(0, most).findIndex((line) => {
    characters += JSON.stringify(line.details).length;
    return characters > MAX_CHARACTERS;
  });
  return lines.slice(0, end === -1 ? most : Math.max(1, end));
}

type Moved = 'moved' | 'lost' | 'changed';

async function moveTo(options: LogStreamWorkerOptions, row: StreamRow, to: LogPosition): Promise<Moved> {
  const leaseUntil = addSeconds(options.clock.now(), LEASE_SECONDS);
  const [moved] = await queryRows<{ status: string; revision: string }>(options.pool, ADVANCE, [
    row.id,
    row.attempts,
    to.position,
    to.logId,
    leaseUntil,
  ]);
  if (moved === undefined) return 'lost';
  return moved.status === 'active' && moved.revision === row.revision ? 'moved' : 'changed';
}

interface Sending {
  readonly row: StreamRow;
  readonly sink: LogStreamSink;
  readonly isStopping: () => boolean;
}

/**
 * Sends those `lines` that pass the filters and moves the cursor after each batch. Returns undefined when all are sent.
 */
async function sendLines(
  options: LogStreamWorkerOptions,
  { row, sink, isStopping }: Sending,
  lines: readonly SettledLine[],
): Promise<WorkEnd | undefined> {
  const { delivery, clock } = options;
  const wanted = lines.filter(
    (line) => isWanted(row.filters, line.type) && (row.start_from === null || line.date >= row.start_from),
  );
  let left: readonly SettledLine[] = wanted;
  let leaseUntil = addSeconds(clock.now(), LEASE_SECONDS);
  while (left.length > 0) {
    // Stops a node that was suspended from sending lines that another node sends by now.
    if (clock.now().getTime() + delivery.limitMs > leaseUntil.getTime()) return { kind: 'lost' };
    const batch = cutBatch(left, delivery.batchOf(sink));
    const end = await delivery.deliver(row.id, sink, batch);
    if (end.kind === 'failed') return fail(options, row, end.reason);
    left = left.slice(batch.length);
    // After the last batch the cursor also passes the lines that the filters left out.
    const last = (left.length === 0 ? lines : batch).at(-1);
    const moved = last === undefined ? 'moved' : await moveTo(options, row, last);
    leaseUntil = addSeconds(clock.now(), LEASE_SECONDS);
    if (moved === 'lost') return { kind: 'lost' };
    if (moved === 'changed' || isStopping()) return { kind: 'later', at: clock.now() };
  }
  const last = lines.at(-1);
  if (wanted.length > 0 || last === undefined) return undefined;
  const moved = await moveTo(options, row, last);
  return moved === 'moved' ? undefined : { kind: 'later', at: clock.now() };
}

async function runStream(options: LogStreamWorkerOptions, row: StreamRow, isStopping: () => boolean): Promise<WorkEnd> {
  const { box, logs, clock } = options;
  const secrets = openStreamSecrets(box, row);
  if (secrets === undefined)
    return fail(options, row, 'its secrets do not open: they were sealed under another VESTIBULE_SECRET_KEY');
  const sink = { endpoint: row.endpoint, contentType: row.content_type, format: row.content_format, ...secrets };
  const turnEnds = addSeconds(clock.now(), TURN_SECONDS);
  for (let after: LogPosition = { position: row.sent_position, logId: row.sent_log_id }; ; ) {
    const lines = await logs.listSettled(after, READ);
    const end = await sendLines(options, { row, sink, isStopping }, lines);
    if (end !== undefined) return end;
    const last = lines.at(-1);
    if (last === undefined || lines.length < READ) return { kind: 'later', at: addSeconds(clock.now(), LOOK_SECONDS) };
    if (isStopping() || clock.now() > turnEnds) return { kind: 'later', at: clock.now() };
    after = last;
  }
}

/**
 * Creates the worker that sends lines to log streams. The caller of `start` must call `stop`, which resolves once the
 * request in progress has ended.
 */
export function createLogStreamWorker(options: LogStreamWorkerOptions): RowWorker {
  return createRowWorker<StreamRow>(
    {
      table: 'log_streams',
      waiting: "status = 'active'",
      columns: [
        ...(['filters', 'endpoint', 'content_type', 'content_format', 'secrets_sealed', 'start_from'] as const),
        ...(['sent_position', 'sent_log_id', 'failing_since', 'revision'] as const),
      ],
      // Serves all streams at once: a slow endpoint delays another by one turn at most.
      atOnce: 10,
      leaseSeconds: LEASE_SECONDS,
      pollMs: 2_000,
      run: (row, isStopping) => runStream(options, row, isStopping),
      trouble: 'the log streams cannot be read or marked now',
    },
    options,
  );
}
