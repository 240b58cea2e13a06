/** The journal: any cut of it reads as a beginning of it, and what an entry says of a person follows from those before. */
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeLock } from '../../../src/kernel/process-lock.js';
import {
  type Entry,
  type Journal,
  openJournal,
  readJournal,
  type Standing,
} from '../../../src/tenant-tools/rollout/journal.js';
import { createManualClock } from '../../support/manual-clock.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
  file = join(folder, 'plan.jsonl.journal');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const clock = createManualClock(new Date('2026-03-01T12:00:00Z'));
const open = (digest = 'plan-1') => openJournal(file, digest, clock);

async function writeAll(entries: readonly Entry[]): Promise<void> {
  const journal = await open();
  for (const entry of entries) await journal.append(entry);
  await journal.close();
}

const ENTRIES: readonly Entry[] = [
  { ids: ['setting:domain:acme.example'], mark: 'begun' },
  { ids: ['setting:domain:acme.example'], mark: 'done' },
  { ids: ['a', 'b', 'c'], mark: 'begun' },
  { ids: ['a', 'b'], mark: 'done' },
  { ids: ['c'], mark: 'skipped', note: 'has an identity at the connection by now – ä' },
  { ids: ['a', 'b', 'c'], mark: 'undoing' },
  { ids: ['a'], mark: 'undoing', data: { unlinked: { userId: 's' } } },
  { ids: ['a'], mark: 'undone' },
  { ids: ['b'], mark: 'kept' },
];

const plain = (standings: ReadonlyMap<string, Standing>) => Object.fromEntries(standings);

test('any cut of the file reads as a beginning of the journal, and goes on from there', async () => {
  const prefixes: unknown[] = [{}];
  const journal = await open();
  for (const entry of ENTRIES) {
    await journal.append(entry);
    prefixes.push(plain((await readJournal(file, 'plan-1')).standings));
  }
  await journal.close();
  const bytes = await readFile(file);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    await writeFile(file, bytes.subarray(0, cut));
    const read = plain((await readJournal(file, 'plan-1')).standings);
    const lines = bytes.subarray(0, cut).toString('utf8').split('\n').length - 1;
    expect(read, `cut at ${cut}`).toEqual(prefixes[Math.max(0, lines - 1)]);
    if (cut % 97 !== 0) continue;
    const again = await open();
    await again.append({ ids: ['z'], mark: 'begun' });
    await again.close();
    expect(plain((await readJournal(file, 'plan-1')).standings)).toEqual({ ...read, z: expect.anything() });
  }
});

test('an entry is on the disk before append returns', async () => {
  const journal = await open();
  await journal.append({ ids: ['a'], mark: 'begun' });
  expect(await readFile(file, 'utf8')).toMatch(/"ids":\["a"\],"mark":"begun"}\n$/);
  await journal.close();
});

test('entries of many callers at once are lines of their own, in order', async () => {
  const journal = await open();
  await Promise.all(Array.from({ length: 50 }, (_, n) => journal.append({ ids: [`u${n}`], mark: 'begun' })));
  await journal.close();
  const ids = (await readFile(file, 'utf8')).trim().split('\n').slice(1);
  expect(ids.map((line) => JSON.parse(line).ids[0])).toEqual(Array.from({ length: 50 }, (_, n) => `u${n}`));
});

describe('refused', () => {
  test('the journal of another plan; a broken line inside', async () => {
    await writeAll(ENTRIES);
    await expect(open('plan-2')).rejects.toThrow('journal of another plan');
    await appendFile(file, 'garbage\n{"ids":["a"],"mark":"done"}\n');
    await expect(open()).rejects.toThrow('is broken');
    await writeFile(file, '{"plan":"plan-1"}\nnull\n');
    await expect(open()).rejects.toThrow('line 2');
    // A refusal leaves no lock.
    expect(await readdir(folder)).toEqual(['plan.jsonl.journal']);
  });

  test('while another process holds it; one that has ended holds nothing', async () => {
    // The parent of this process runs for as long as the test does.
    await writeFile(`${file}.lock`, `${process.ppid}\n`);
    await expect(open()).rejects.toThrow(`process ${process.ppid} works on this plan`);
    expect(await readFile(`${file}.lock`, 'utf8')).toBe(`${process.ppid}\n`);
    await writeFile(`${file}.lock`, '4194304\n');
    const journal = await open();
    expect(await readFile(`${file}.lock`, 'utf8')).toBe(`${process.pid} ${hostname()}\n`);
    await journal.close();
    expect(await readdir(folder)).toEqual(['plan.jsonl.journal']);
  });

  test('a lock is never seen empty, and is given back', async () => {
    const unlock = await takeLock(join(folder, 'lock'));
    expect(await readFile(join(folder, 'lock'), 'utf8')).toBe(`${process.pid} ${hostname()}\n`);
    await unlock();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the disk and the machine', () => {
  test('a journal that does not say its plan is refused: it could be that of another one', async () => {
    await writeFile(file, '{"ids":["a"],"mark":"done"}\n');
    await expect(open()).rejects.toThrow('line 1');
  });

  test('attack=two-containers-one-folder: a lock of another machine is held, though the number runs nowhere here', async () => {
    for (const pid of [4194304, process.pid]) {
      await writeFile(`${file}.lock`, `${pid} another-container\n`);
      await expect(open()).rejects.toThrow(`process ${pid} on another-container works on this plan`);
    }
    expect(await readFile(`${file}.lock`, 'utf8')).toBe(`${process.pid} another-container\n`);
  });

  test('a folder that takes no file is said with the remedy, and is not the caller’s fault', async () => {
    await writeFile(join(folder, 'no-folder'), '');
    const opening = openJournal(join(folder, 'no-folder', 'plan.journal'), 'plan-1', clock);
    await expect(opening).rejects.toMatchObject({ fault: 'machine', advice: expect.stringContaining('goes on') });
  });
});

describe('what may stand on the tenant', () => {
  const standingAfter = async (...entries: readonly Omit<Entry, 'ids'>[]): Promise<Standing | undefined> => {
    const journal: Journal = await open();
    for (const entry of entries) await journal.append({ ids: ['a'], ...entry });
    const standing = journal.standing('a');
    await journal.close();
    // The journal reads back as it was written.
    expect((await readJournal(file, 'plan-1')).standings.get('a')).toEqual(standing);
    return standing;
  };

  test.each([
    [['skipped'], false],
    [['begun'], true],
    [['begun', 'done'], true],
    [['begun', 'failed'], true],
    [['begun', 'skipped'], true],
    [['begun', 'done', 'undoing'], true],
    [['begun', 'done', 'undoing', 'skipped'], true],
    [['begun', 'done', 'undoing', 'kept'], true],
    [['begun', 'done', 'undoing', 'undone'], false],
    [['begun', 'undone', 'skipped'], false],
    [['begun', 'undone', 'begun'], true],
  ] as const)('%j: %s', async (marks, touched) => {
    expect((await standingAfter(...marks.map((mark) => ({ mark }))))?.touched).toBe(touched);
  });

  test('a skip of which the tenant says that it did nothing', async () => {
    expect(await standingAfter({ mark: 'begun' }, { mark: 'skipped', nothing: true })).toMatchObject({
      touched: false,
    });
  });

  test('facts are kept until a new attempt after the undo', async () => {
    const facts = { mark: 'begun', data: { made: 'x' } } as const;
    expect((await standingAfter(facts, { mark: 'undoing', data: { unlinked: 1 } }))?.data).toEqual({
      made: 'x',
      unlinked: 1,
    });
    expect((await standingAfter({ mark: 'undone' }, { mark: 'begun' }))?.data).toEqual({});
  });
});
