/** Work for Actions as rows: sealed, bound to its transaction, claimed by one node at a time, lost by none. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newSecret, systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import type { ActionJob, JobEnd } from '../../src/ports/action-jobs.js';
import { silentLog } from '../../src/storage/database/log.js';
import { inTransaction } from '../../src/storage/database/pool.js';
import { createDirectory } from '../../src/storage/directory/index.js';
import { insertJob } from '../../src/storage/jobs/action-jobs.js';
import { createActionJobsWorker, jobDelaySeconds } from '../../src/storage/jobs/run-action-jobs.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';

const box = createSecretBox(systemEntropy.bytes(32), 'rows', systemEntropy);
let database: TestDatabase;
let clock: ManualClock;
let ran: ActionJob[];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('delete from action_jobs');
  await database.pool.query("delete from logs where type = 'actions_execution_failed'");
  await database.pool.query("update tenant set actions_bound = '{post-user-registration,post-change-password}'");
  clock = createManualClock();
  ran = [];
});

function newJob(): ActionJob {
  const event = { user: { user_id: 'auth0|ivy', email: 'ivy@acme.example' }, connection: { id: 'con_pw' } };
  return { id: newSecret(systemEntropy), trigger: 'post-user-registration', organizationId: 'org_acme', event };
}

async function insert(job = newJob()): Promise<ActionJob> {
  await insertJob(database.pool, box, job, clock.now());
  return job;
}

function worker(runJob: (job: ActionJob) => Promise<JobEnd> | JobEnd = () => ({ kind: 'done' }), concurrency = 4) {
  return createActionJobsWorker({
    pool: database.pool,
    box,
    runJob: async (job) => {
      ran.push(job);
      return runJob(job);
    },
    clock,
    entropy: systemEntropy,
    log: silentLog,
    concurrency,
  });
}

const count = async () => (await database.pool.query('select 1 from action_jobs')).rows.length;

describe('what is stored', () => {
  test('case=the event is sealed, and opens only as itself', async () => {
    const first = await insert();
    const second = await insert();
    const stored = await database.pool.query("select encode(event_sealed, 'escape') as text from action_jobs");
    expect(stored.rows.map((row: { text: string }) => row.text).join()).not.toContain('ivy');
    // Attack: the event of one person is moved into the job about another.
    await database.pool.query(
      'update action_jobs set event_sealed = (select event_sealed from action_jobs where id = $1) where id = $2',
      [first.id, second.id],
    );
    expect(await worker().drain()).toBe(1);
    expect(ran).toEqual([first]);
    expect(await count()).toBe(1);
  });

  test('case=a trigger that is not bound has no work', async () => {
    await database.pool.query("update tenant set actions_bound = '{post-login,post-change-password}'");
    await insert();
    const directory = createDirectory(database.pool, box);
    await directory.jobs.enqueue(newJob(), clock.now());
    expect(await count()).toBe(0);
    await directory.jobs.enqueue({ ...newJob(), trigger: 'post-change-password' }, clock.now());
    expect(await count()).toBe(1);
  });

  test('case=work of a transaction that is rolled back never existed', async () => {
    const undone = inTransaction(database.pool, async (client) => {
      await insertJob(client, box, newJob(), clock.now());
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    const directory = createDirectory(database.pool, box);
    const refused = directory.transaction(async (inside) => {
      await inside.jobs.enqueue(newJob(), clock.now());
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    expect(await count()).toBe(0);
  });

  test('case=by the directory: the same row', async () => {
    const job = newJob();
    await createDirectory(database.pool, box).jobs.enqueue(job, clock.now());
    await worker().drain();
    expect(ran).toEqual([job]);
  });
});

describe('running', () => {
  test('case=done: the row is gone, nothing is logged', async () => {
    const job = await insert();
    expect(await worker().drain()).toBe(1);
    expect(ran).toEqual([job]);
    expect(await count()).toBe(0);
    expect((await database.pool.query("select 1 from logs where type = 'actions_execution_failed'")).rows).toEqual([]);
  });

  test('case=failed: one line for the administrator, and not run again', async () => {
    await insert();
    const failed = {
      kind: 'failed',
      description: 'upstream is down',
      about: { userId: 'auth0|ivy' },
      details: { trigger: 'post-user-registration' },
    } as const;
    await worker(() => failed).drain();
    const { rows } = await database.pool.query("select * from logs where type = 'actions_execution_failed'");
    expect(rows).toMatchObject([
      { description: 'upstream is down', user_id: 'auth0|ivy', organization_id: 'org_acme', details: failed.details },
    ]);
    clock.advanceMs(86_400_000);
    await worker().drain();
    expect(ran).toHaveLength(1);
  });

  test.each([
    ['nothing could run', () => ({ kind: 'later', reason: 'busy' }) as const],
    [
      'the database failed on the way',
      () => {
        throw new Error('gone');
      },
    ],
  ])('case=%s: again, later and later', async (_what, answer) => {
    await insert();
    await worker(answer).drain();
    await worker(answer).drain();
    expect(ran).toHaveLength(1);
    const { rows } = await database.pool.query<{ last_error: string }>('select last_error from action_jobs');
    expect(['busy', 'gone'], 'the row says to the operator why it waits').toContain(rows[0]?.last_error);
    clock.advanceMs(5_000);
    await worker(answer).drain();
    clock.advanceMs(5_000);
    await worker(answer).drain();
    expect(ran).toHaveLength(2);
    clock.advanceMs(5_000);
    expect(await worker().drain()).toBe(1);
    expect(await count()).toBe(0);
  });

  test('case=no more run at a time than the worker takes', async () => {
    for (let index = 0; index < 6; index += 1) await insert();
    let running = 0;
    let most = 0;
    const one = worker(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return { kind: 'done' };
    }, 1);
    expect(await one.drain()).toBe(6);
    expect(most).toBe(1);
  });

  test('case=an event that does not open is given up after some hours, with a line that says so', async () => {
    const job = await insert();
    await database.pool.query(`update action_jobs set event_sealed = 'spoilt'`);
    const lines = async () =>
      (await database.pool.query("select * from logs where type = 'actions_execution_failed'")).rows;
    for (let turn = 1; turn < 20; turn += 1) {
      expect(await worker().drain()).toBe(0);
      clock.advanceMs(600_000);
    }
    expect([await count(), await lines()]).toEqual([1, []]);
    expect(await worker().drain()).toBe(1);
    expect([ran, await count()]).toEqual([[], 0]);
    expect(await lines()).toMatchObject([
      {
        description: expect.stringContaining('does not open'),
        organization_id: 'org_acme',
        details: { job: job.id, trigger: 'post-user-registration', attempts: 20 },
      },
    ]);
  });

  test('case=the delay doubles, at most ten minutes', () => {
    expect([1, 2, 3, 8, 50].map(jobDelaySeconds)).toEqual([5, 10, 20, 600, 600]);
  });

  test('case=a node that died leaves its work to the others, when its lease has run out', async () => {
    const job = await insert();
    const dead = worker(() => new Promise(() => {}));
    void dead.drain();
    await expect.poll(() => ran.length).toBe(1);
    const alive = worker();
    expect(await alive.drain()).toBe(0);
    clock.advanceMs(301_000);
    expect(await alive.drain()).toBe(1);
    expect(ran).toEqual([job, job]);
    expect(await count()).toBe(0);
  });

  test('case=a node that comes back late takes nothing from the one that runs the work now', async () => {
    await insert();
    let release = () => {};
    const slow = worker(async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return { kind: 'failed', description: 'late', about: {}, details: {} };
    });
    const late = slow.drain();
    await expect.poll(() => ran.length).toBe(1);
    clock.advanceMs(301_000);
    await worker(() => ({ kind: 'later', reason: 'busy' })).drain();
    release();
    await late;
    expect(await count()).toBe(1);
    expect((await database.pool.query("select 1 from logs where type = 'actions_execution_failed'")).rows).toEqual([]);
  });

  test('case=two nodes share what there is, and run nothing twice', async () => {
    const jobs = await Promise.all(Array.from({ length: 20 }, () => insert()));
    const ended = await Promise.all([worker(undefined, 3).drain(), worker(undefined, 3).drain()]);
    expect(ended.reduce((sum, one) => sum + one, 0)).toBe(20);
    expect(ran.map((job) => job.id).sort()).toEqual(jobs.map((job) => job.id).sort());
  });

  test('case=stop waits for what is under way, and begins nothing', async () => {
    await insert();
    let release = () => {};
    const one = worker(async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return { kind: 'done' };
    });
    one.start();
    await expect.poll(() => ran.length).toBe(1);
    const stopped = one.stop();
    await insert();
    release();
    await stopped;
    expect([ran.length, await count()]).toEqual([1, 1]);
  });
});
