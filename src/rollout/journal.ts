/**
 * The journal of a plan: JSON Lines beside it, written ahead of every change and synced to the disk before the change is sent. After a crash
 * the journal says what may have been done; the tenant says what was. One process at a time holds it. Append only.
 */
import { type FileHandle, open, readFile, rm, writeFile } from 'node:fs/promises';
import type { Clock } from '../kernel/clock.js';

/** `begun`: it may be done. `done`, `skipped`, `failed` end an apply, `undone` and `kept` a rollback. */
export type Mark = 'begun' | 'done' | 'skipped' | 'failed' | 'undoing' | 'undone' | 'kept';

export interface Entry {
  /** A user id, or `setting:` and the id of a setting. */
  readonly ids: readonly string[];
  readonly mark: Mark;
  /** The reason of a skip or failure, or facts that the rollback needs. */
  readonly note?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Standing {
  readonly mark: Mark;
  readonly note: string | undefined;
  /** Facts of all entries of this id, later ones over earlier ones. */
  readonly data: Readonly<Record<string, unknown>>;
}

export class JournalError extends Error {
  override name = 'JournalError';
}

export interface Journal {
  standing(id: string): Standing | undefined;
  ids(): IterableIterator<string>;
  /** Appends the entries and waits until they are on the disk. */
  append(...entries: readonly Entry[]): Promise<void>;
  close(): Promise<void>;
}

function readLine(line: string): (Entry & { plan?: string }) | undefined {
  try {
    return JSON.parse(line) as Entry & { plan?: string };
  } catch {
    return undefined;
  }
}

interface Read {
  readonly standings: Map<string, Standing>;
  /** Bytes of whole lines; a torn last line, from a crash while it was written, is cut off. */
  readonly wholeBytes: number;
}

function note(standings: Map<string, Standing>, entry: Entry): void {
  for (const id of entry.ids) {
    const before = standings.get(id);
    // A new attempt starts without the facts of one that was undone.
    const kept = before === undefined || (entry.mark === 'begun' && before.mark === 'undone') ? {} : before.data;
    standings.set(id, { mark: entry.mark, note: entry.note, data: { ...kept, ...entry.data } });
  }
}

/** Reads a journal. Throws {@link JournalError} for another plan's journal, or one with a broken line inside. */
export async function readJournal(file: string, planDigest: string): Promise<Read> {
  const standings = new Map<string, Standing>();
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { standings, wholeBytes: 0 };
    throw error;
  }
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  for (const [index, line] of whole.split('\n').slice(0, -1).entries()) {
    const entry = readLine(line);
    if (entry === undefined) throw new JournalError(`line ${index + 1} of ${file} is broken`);
    if (entry.plan === undefined) note(standings, entry);
    else if (entry.plan !== planDigest) throw new JournalError(`${file} is the journal of another plan`);
  }
  return { standings, wholeBytes: Buffer.byteLength(whole) };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Takes the lock file; that of a process which has ended is taken over. */
async function lock(file: string): Promise<void> {
  for (;;) {
    try {
      await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => ''));
    if (Number.isInteger(holder) && holder > 0 && holder !== process.pid && isRunning(holder)) {
      throw new JournalError(`process ${holder} works on this plan; the lock is ${file}`);
    }
    await rm(file, { force: true });
  }
}

/** Opens (or creates) the journal of the plan with this digest. Throws {@link JournalError}. */
export async function openJournal(file: string, planDigest: string, clock: Clock): Promise<Journal> {
  await lock(`${file}.lock`);
  let handle: FileHandle | undefined;
  try {
    const { standings, wholeBytes } = await readJournal(file, planDigest);
    handle = await open(file, 'a');
    await handle.truncate(wholeBytes);
    const opened = handle;
    let last: Promise<void> = Promise.resolve();
    const write = async (lines: readonly string[]): Promise<void> => {
      await opened.appendFile(lines.map((line) => `${line}\n`).join(''));
      await opened.datasync();
    };
    if (wholeBytes === 0) await write([JSON.stringify({ plan: planDigest })]);
    return {
      standing: (id) => standings.get(id),
      ids: () => standings.keys(),
      append(...entries) {
        const at = clock.now().toISOString();
        for (const entry of entries) note(standings, entry);
        // One after the other, so that no two lines mix; each caller waits for its own.
        last = last.then(() => write(entries.map((entry) => JSON.stringify({ at, ...entry }))));
        return last;
      },
      async close() {
        await last.catch(() => undefined);
        await opened.close();
        await rm(`${file}.lock`, { force: true });
      },
    };
  } catch (error) {
    await handle?.close();
    await rm(`${file}.lock`, { force: true });
    throw error;
  }
}
