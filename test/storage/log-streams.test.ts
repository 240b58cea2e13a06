/**
 * Log streams: every line once it is committed, in order, whatever crashes in between; by one node at a time; and no endpoint that takes
 * nothing is tried for ever.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LogStreamSink } from '../../src/domain/log-stream.js';
import { newLogId, systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import type { NewLogStream } from '../../src/ports/directory/log-streams.js';
import type { SettledLine } from '../../src/ports/directory/logs.js';
import type { DeliveryEnd, LogDelivery } from '../../src/ports/log-delivery.js';
import { insertLogEntry } from '../../src/storage/database/ledger.js';
import { silentLog } from '../../src/storage/database/log.js';
import { createDirectory } from '../../src/storage/directory/index.js';
import { cleanUp } from '../../src/storage/housekeeping.js';
import { createLogStreamWorker, SUSPEND_SECONDS } from '../../src/storage/jobs/run-log-streams.js';
import { mendLogOrder } from '../../src/storage/log-order.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';

const box = createSecretBox(systemEntropy.bytes(32), 'rows', systemEntropy);
const AT = new Date('2026-11-27T10:00:00.000Z');
const SINK: LogStreamSink = {
  endpoint: 'https://logs.example/in',
  contentType: 'application/json',
  format: 'JSONLINES',
  authorization: 'Bearer x',
  headers: [],
  signingSecret: 'f'.repeat(64),
};
let database: TestDatabase;
let clock: ManualClock;
/** The descriptions that arrived, request by request. */
let arrived: string[][];
let answer: (lines: readonly SettledLine[]) => DeliveryEnd | Promise<DeliveryEnd>;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  for (const table of ['log_streams', 'logs']) await database.pool.query(`delete from ${table}`);
  clock = createManualClock(AT);
  arrived = [];
  answer = () => ({ kind: 'taken' });
});

const directory = () => createDirectory(database.pool, box);
const flat = () => arrived.flat();

function worker(pool = database.pool, most = 100) {
  const delivery: LogDelivery = {
    limitMs: 10_000,
    batchOf: () => most,
    async deliver(_id, _sink, lines) {
      arrived.push(lines.map((line) => line.description ?? ''));
      return answer(lines as readonly SettledLine[]);
    },
  };
  const { logs } = directory();
  return createLogStreamWorker({ pool, box, logs, delivery, clock, entropy: systemEntropy, log: silentLog });
}

async function addStream(fields: Partial<NewLogStream> = {}): Promise<string> {
  const stream: NewLogStream = {
    ...{
      id: 'lst_a',
      name: 'Logs',
      status: 'active',
      isPriority: false,
      filters: [],
      sink: SINK,
      startFrom: undefined,
    },
    createdAt: clock.now(),
    ...fields,
  };
  await directory().logStreams.create(stream);
  return stream.id;
}

const entry = (description: string, type = 's', date = clock.now()) => ({
  ...{ logId: newLogId(systemEntropy, date), date, type, description, details: {} },
});
const write = (description: string, type?: string, date?: Date) =>
  insertLogEntry(database.pool, entry(description, type, date));

/** Waits until no transaction of another test in this cluster is older than the lines: streams wait for it, as they should. */
async function settle(): Promise<void> {
  const question = `select coalesce(max(position), 0) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint as done from logs`;
  for (let done = false; !done; ) {
    done = (await database.pool.query(question)).rows[0].done;
    if (!done) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The next look, when everything was sent at the last one. */
async function look(most?: number): Promise<void> {
  await settle();
  await lookNow(most);
}

async function lookNow(most?: number): Promise<void> {
  clock.advanceMs(2_000);
  await worker(database.pool, most).drain();
}
const readRow = async () => (await database.pool.query('select * from log_streams')).rows[0];

describe('order', () => {
  test('case=a-line-that-commits-late-is-not-passed-over', async () => {
    await addStream();
    const slow = await database.pool.connect();
    try {
      // Its id and its position come before those of the line that is committed first.
      await slow.query('begin');
      await insertLogEntry(slow, entry('early, committed late'));
      clock.advanceMs(5);
      await write('late, committed early');
      await lookNow();
      expect(flat()).toEqual([]);
      await slow.query('commit');
    } finally {
      slow.release();
    }
    await look();
    expect(flat()).toEqual(['early, committed late', 'late, committed early']);
  });

  test('case=a-line-that-is-rolled-back-holds-up-nothing', async () => {
    await addStream();
    const other = await database.pool.connect();
    await other.query('begin');
    await insertLogEntry(other, entry('rolled back'));
    await write('stays');
    await other.query('rollback');
    other.release();
    await look();
    expect(flat()).toEqual(['stays']);
  });

  test('case=clocks-of-nodes-that-differ-skip-nothing', async () => {
    await addStream();
    await write('by the fast clock', 's', new Date(AT.getTime() + 60_000));
    await look();
    await write('by the slow clock', 's', new Date(AT.getTime() - 60_000));
    await look();
    expect(flat()).toEqual(['by the fast clock', 'by the slow clock']);
  });

  test('case=many-lines-go-in-bounded-batches', async () => {
    await addStream();
    for (let index = 0; index < 250; index += 1) await write(String(index));
    await look();
    expect(flat()).toEqual(Array.from({ length: 250 }, (_value, index) => String(index)));
    expect(Math.max(...arrived.map((batch) => batch.length))).toBe(100);
    arrived = [];
    await look();
    expect(arrived).toEqual([]);
  });

  test('case=a-stream-begins-where-it-was-asked-to', async () => {
    await write('before', 's', new Date(AT.getTime() - 3_600_000));
    await write('since', 's', new Date(AT.getTime() - 60_000));
    // A stream begins with the lines of transactions that are still open.
    await settle();
    await addStream({ id: 'lst_new' });
    await look();
    expect(flat()).toEqual([]);
    await addStream({ id: 'lst_old', startFrom: new Date(AT.getTime() - 120_000) });
    await look();
    expect(flat()).toEqual(['since']);
  });

  test('case=after-a-restore-into-another-cluster-nothing-is-lost-or-repeated', async () => {
    await addStream();
    await write('sent');
    await look();
    await write('not sent yet');
    // Another cluster counts its transactions from the beginning.
    await database.pool.query('update logs set position = position + 5000000');
    await database.pool.query('update log_streams set sent_position = sent_position + 5000000');
    await mendLogOrder(database.pool, silentLog);
    await write('new');
    await look();
    expect(flat()).toEqual(['sent', 'not sent yet', 'new']);
    const before = (await database.pool.query('select position from logs order by 1')).rows;
    await mendLogOrder(database.pool, silentLog);
    expect((await database.pool.query('select position from logs order by 1')).rows).toEqual(before);
  });
});

describe('filters', () => {
  test('case=only-wanted-lines-are-sent-and-the-others-are-passed', async () => {
    await addStream({ filters: ['auth.login.fail', 'other'] });
    await write('in', 's');
    await write('refused', 'fp');
    await write('unknown', 'organization_member_added');
    await write('in again', 's');
    await look();
    expect(flat()).toEqual(['refused', 'unknown']);
    await database.pool.query("update log_streams set filters = '{}'");
    await look();
    expect(flat()).toEqual(['refused', 'unknown']);
  });
});

describe('crashes and other nodes', () => {
  test('case=a-crash-between-the-answer-and-the-cursor-repeats-the-lines', async () => {
    await addStream();
    await write('one');
    await write('two');
    await settle();
    clock.advanceMs(2_000);
    // The node dies: no statement of it arrives after the endpoint has answered.
    let dead = false;
    answer = () => {
      dead = true;
      return { kind: 'taken' };
    };
    const dying = new Proxy(database.pool, {
      get(pool, name) {
        if (dead && (name === 'query' || name === 'connect')) return () => Promise.reject(new Error('gone'));
        const value = Reflect.get(pool, name);
        return typeof value === 'function' ? value.bind(pool) : value;
      },
    });
    await expect(worker(dying).drain()).rejects.toThrow();
    expect(flat()).toEqual(['one', 'two']);
    answer = () => ({ kind: 'taken' });
    await worker().drain();
    expect(flat(), 'the lease is not over').toEqual(['one', 'two']);
    clock.advanceMs(61_000);
    await worker().drain();
    expect(flat()).toEqual(['one', 'two', 'one', 'two']);
    await look();
    expect(flat()).toHaveLength(4);
  });

  test('case=two-nodes-do-not-send-at-the-same-time', async () => {
    await addStream();
    for (let index = 0; index < 40; index += 1) await write(String(index));
    await settle();
    clock.advanceMs(2_000);
    let atOnce = 0;
    let most = 0;
    answer = async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setTimeout(resolve, 5));
      atOnce -= 1;
      return { kind: 'taken' };
    };
    await Promise.all([worker(database.pool, 3).drain(), worker(database.pool, 3).drain()]);
    expect(most).toBe(1);
    expect(flat()).toEqual(Array.from({ length: 40 }, (_value, index) => String(index)));
  });

  test('case=a-node-that-slept-through-its-lease-sends-no-more-and-moves-no-cursor', async () => {
    await addStream();
    for (const line of ['one', 'two', 'three']) await write(line);
    await settle();
    clock.advanceMs(2_000);
    let slept = false;
    answer = async () => {
      if (slept) return { kind: 'taken' };
      slept = true;
      clock.advanceMs(120_000);
      // Another node sends everything meanwhile.
      await worker(database.pool, 1).drain();
      return { kind: 'taken' };
    };
    await worker(database.pool, 1).drain();
    expect(flat()).toEqual(['one', 'one', 'two', 'three']);
    await look();
    expect(flat()).toHaveLength(4);
  });

  test('case=a-changed-sink-is-used-for-the-next-batch', async () => {
    const id = await addStream();
    for (const line of ['one', 'two']) await write(line);
    await settle();
    clock.advanceMs(2_000);
    const endpoints: string[] = [];
    const delivery: LogDelivery = {
      limitMs: 10_000,
      batchOf: () => 1,
      async deliver(_id, sink) {
        endpoints.push(sink.endpoint);
        if (endpoints.length === 1)
          await directory().logStreams.update(id, { sink: { ...SINK, endpoint: 'https://new.example/' } }, clock.now());
        return { kind: 'taken' };
      },
    };
    const { logs } = directory();
    const parts = { pool: database.pool, box, logs, delivery, clock, entropy: systemEntropy, log: silentLog };
    await createLogStreamWorker(parts).drain();
    expect(endpoints).toEqual(['https://logs.example/in', 'https://new.example/']);
  });

  test('case=a-paused-stream-sends-nothing-and-goes-on-where-it-was', async () => {
    const id = await addStream();
    await write('one');
    await look();
    await directory().logStreams.update(id, { status: 'paused' }, clock.now());
    await write('two');
    await look();
    expect(flat()).toEqual(['one']);
    await directory().logStreams.update(id, { status: 'active' }, clock.now());
    await settle();
    await worker().drain();
    expect(flat()).toEqual(['one', 'two']);
  });
});

describe('an endpoint that takes nothing', () => {
  test('case=is-tried-again-with-growing-waits-and-nothing-is-lost', async () => {
    await addStream();
    await write('one');
    answer = () => ({ kind: 'failed', reason: 'the endpoint answered 500' });
    await look();
    const waits: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      const row = await readRow();
      waits.push((row.next_attempt_at.getTime() - clock.now().getTime()) / 1000);
      clock.advanceMs(row.next_attempt_at.getTime() - clock.now().getTime());
      await worker().drain();
    }
    expect(waits).toEqual([2, 4, 8, 16]);
    expect((await directory().logStreams.find('lst_a'))?.trouble).toMatchObject({
      tries: 5,
      reason: 'the endpoint answered 500',
    });
    answer = () => ({ kind: 'taken' });
    clock.advanceMs(600_000);
    await worker().drain();
    expect(flat().at(-1)).toBe('one');
    expect((await directory().logStreams.find('lst_a'))?.trouble).toBeUndefined();
  });

  test('case=is-given-up-after-three-days-and-the-log-says-so', async () => {
    await addStream();
    await write('one');
    answer = () => ({ kind: 'failed', reason: 'the endpoint answered 410' });
    await look();
    clock.advanceMs(SUSPEND_SECONDS * 1000);
    await worker().drain();
    const stream = await directory().logStreams.find('lst_a');
    expect(stream?.status).toBe('suspended');
    const { items } = await directory().logs.list(
      { types: ['log_stream_suspended'] },
      { limit: 5, newestFirst: true, count: false },
    );
    expect(items[0]?.details).toEqual({ log_stream_id: 'lst_a', reason: 'the endpoint answered 410' });
    const tries = arrived.length;
    await look();
    expect(arrived).toHaveLength(tries);
    answer = () => ({ kind: 'taken' });
    await directory().logStreams.update('lst_a', { status: 'active' }, clock.now());
    arrived = [];
    await worker().drain();
    expect(flat()[0]).toBe('one');
  });

  test('case=keeps-no-other-stream-from-sending', async () => {
    await addStream();
    await addStream({ id: 'lst_b', sink: { ...SINK, endpoint: 'https://other.example/' } });
    await write('one');
    answer = () => (arrived.length === 1 ? { kind: 'failed', reason: 'hangs' } : { kind: 'taken' });
    await look();
    const rows = (await database.pool.query('select failures from log_streams order by failures')).rows;
    expect(rows.map((row) => row.failures)).toEqual([0, 1]);
  });

  test('case=lines-that-an-active-stream-has-to-send-outlive-their-time', async () => {
    const id = await addStream();
    await write('old', 's', new Date(AT.getTime() - 40 * 86_400_000));
    const left = async () => (await database.pool.query('select 1 from logs')).rowCount;
    await cleanUp(database.pool, clock.now(), { logDays: 30 });
    expect(await left()).toBe(1);
    await directory().logStreams.update(id, { status: 'paused' }, clock.now());
    await cleanUp(database.pool, clock.now(), { logDays: 30 });
    expect(await left()).toBe(0);
  });
});
