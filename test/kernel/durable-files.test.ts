/**
 * Files that have to survive a crash: each name that is made or renamed is followed by a sync of its folder, wherever a command keeps what it
 * needs to go on or to go back. The calls of Node are observed, not replaced.
 */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/kernel/clock.js';
import type { GuardState } from '../../src/tenant-tools/guard/state-file.js';

const done: string[] = [];

async function observe(real: typeof import('node:fs/promises')): Promise<typeof import('node:fs/promises')> {
  return {
    ...real,
    async rename(...args: Parameters<typeof real.rename>) {
      await real.rename(...args);
      done.push(`renamed ${String(args[1])}`);
    },
    async writeFile(...args: Parameters<typeof real.writeFile>) {
      await real.writeFile(...args);
      const { flush } = (args[2] ?? {}) as { flush?: boolean };
      done.push(`wrote ${String(args[0])}${flush === true ? ' and synced it' : ''}`);
    },
    async open(...args: Parameters<typeof real.open>) {
      const file = await real.open(...args);
      for (const name of ['sync', 'datasync'] as const) {
        const sync = file[name].bind(file);
        file[name] = async () => {
          await sync();
          done.push(`synced ${String(args[0])}`);
        };
      }
      return file;
    },
  };
}

async function load() {
  const { createDurably, replaceDurably } = await import('../../src/kernel/durable-files.js');
  const { takeLock } = await import('../../src/kernel/process-lock.js');
  const { writeState } = await import('../../src/tenant-tools/guard/state-file.js');
  const { writeSweep } = await import('../../src/tenant-tools/guard/sweep-file.js');
  const { openJournal: openSweepJournal } = await import('../../src/tenant-tools/guard/sweep-journal.js');
  const { openJournal } = await import('../../src/tenant-tools/rollout/journal.js');
  return { createDurably, replaceDurably, takeLock, writeState, writeSweep, openSweepJournal, openJournal };
}

// Loaded again: the files of a lane share a process, and another one may have loaded these modules with the calls of Node as they are.
let files: Awaited<ReturnType<typeof load>>;
beforeAll(async () => {
  vi.resetModules();
  vi.doMock('node:fs/promises', (importOriginal) => importOriginal<typeof import('node:fs/promises')>().then(observe));
  files = await load();
});
afterAll(() => {
  vi.doUnmock('node:fs/promises');
  vi.resetModules();
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'durable-'));
  done.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

test('case=a file is made: its content is synced, then its folder; one that is there stays', async () => {
  await files.createDurably(at('plan'), 'one');
  expect(done).toEqual([`wrote ${at('plan')} and synced it`, `synced ${folder}`]);
  expect((await stat(at('plan'))).mode & 0o777).toBe(0o600);
  await expect(files.createDurably(at('plan'), 'two')).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await readFile(at('plan'), 'utf8')).toBe('one');
});

test('case=a file is replaced: synced beside, renamed, folder synced', async () => {
  await files.createDurably(at('state'), 'one');
  done.length = 0;
  await files.replaceDurably(at('state'), 'two');
  expect(done).toEqual([`wrote ${at('state.new')} and synced it`, `renamed ${at('state')}`, `synced ${folder}`]);
  expect(await readFile(at('state'), 'utf8')).toBe('two');
  expect(await readdir(folder)).toEqual(['state']);
});

describe('the folder is synced last', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['the state of the guard', () => files.writeState(at('state.json'), {} as GuardState)],
    ['the plan of a sweep', () => files.writeSweep(at('sweep.jsonl'), 'text')],
    ['the journal of a sweep', () => files.openSweepJournal(at('sweep.jsonl'), 'digest')],
    ['the journal of a rollout', () => files.openJournal(at('rollout.jsonl.journal'), 'digest', systemClock)],
  ])('case=%s', async (_name, write) => {
    await write();
    expect(done.at(-1)).toBe(`synced ${folder}`);
    expect(done.filter((line) => line.endsWith('synced it') || line.startsWith('synced ')).length).toBeGreaterThan(1);
  });
});

test('case=a sweep: while another process has the journal open, none is opened, and nothing is written', async () => {
  const lock = at('sweep.jsonl.journal.lock');
  // The parent of this process runs for as long as the test does.
  await files.createDurably(lock, `${process.ppid}\n`);
  await expect(files.openSweepJournal(at('sweep.jsonl'), 'digest')).rejects.toThrow(
    `Process ${process.ppid} works with ${at('sweep.jsonl.journal')}; the lock is ${lock}. Nothing was done.`,
  );
  expect(await readdir(folder)).toEqual(['sweep.jsonl.journal.lock']);
  await rm(lock);
  const journal = await files.openSweepJournal(at('sweep.jsonl'), 'digest');
  expect(await readFile(lock, 'utf8')).toBe(`${process.pid} ${hostname()}\n`);
  await journal.close();
  expect(await readdir(folder)).toEqual(['sweep.jsonl.journal']);
  // Another plan's journal is refused, and the refusal leaves no lock.
  await expect(files.openSweepJournal(at('sweep.jsonl'), 'other')).rejects.toThrow('belongs to another plan');
  expect(await readdir(folder)).toEqual(['sweep.jsonl.journal']);
});

test('case=a lock of a process that ended is taken over', async () => {
  await files.createDurably(at('x.lock'), '4194304\n');
  const unlock = await files.takeLock(at('x.lock'));
  expect(await readFile(at('x.lock'), 'utf8')).toBe(`${process.pid} ${hostname()}\n`);
  await unlock();
});
