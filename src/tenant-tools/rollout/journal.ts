/**
 * The journal of a plan: JSON Lines beside it, written and synced to disk before each change is sent. After a crash the
 * journal says what may have been done; the tenant says what was. One process at a time holds it. Append only.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Clock } from '../../kernel/clock.js';
import { syncFolder } from '../../kernel/durable-files.js';
import { findFileReason, toFileReason } from '../../kernel/file-errors.js';
import { LockHeld, takeLock } from '../../kernel/process-lock.js';

/**
 * `begun` and `undoing`: a change, or its rollback, may have been sent. `done`, `skipped` and `failed` are results of
 * an apply, `undone` and `kept` of a rollback.
 */
export type Mark = 'begun' | 'done' | 'skipped' | 'failed' | 'undoing' | 'undone' | 'kept';

export interface Entry {
  /** Ids of users, or of settings with the prefix `setting:`. */
  readonly ids: readonly string[];
  readonly mark: Mark;
  /** Reason of a skip or failure, or the things that a rollback left behind. */
  readonly note?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  /** Only with `skipped`: the tenant did nothing, neither now nor at an earlier attempt. */
  readonly nothing?: true;
}

export interface Standing {
  readonly mark: Mark;
  readonly note: string | undefined;
  /** Data of all entries of this id; later ones override earlier ones. */
  readonly data: Readonly<Record<string, unknown>>;
  /**
   * True while the tenant may contain a change by this plan: one that was begun and not undone. A skip changes this
   * only if its entry says `nothing`.
   */
  readonly touched: boolean;
}

/** Thrown when a journal cannot be read, written or locked, or belongs to another plan. */
export class JournalError extends Error {
  override name = 'JournalError';
  constructor(
    message: string,
    /** The remedy for the operator. */
    readonly advice: string,
    /** `machine`: the disk failed; the caller did nothing wrong. */
    readonly fault: 'caller' | 'machine' = 'caller',
  ) {
    super(message);
  }
}

/** Returns the path of a plan's journal, beside the plan. */
export function toJournalFile(planFile: string): string {
  return `${planFile}.journal`;
}

/** Converts an error of writing the journal. Returns any other error unchanged. */
function toFileError(file: string, error: unknown): unknown {
  const reason = findFileReason(error, 'write', file);
  if (reason === undefined) return error;
  return new JournalError(`${file} cannot be written: ${reason}`, WRITABLE, 'machine');
}

const WRITABLE =
  'Give it space on a local disk, in a folder that you may write. Then run the same command again: it goes on where it was.';
const REPAIR = 'Nothing was done. Restore the file from a copy: what it says was begun may stand on the tenant.';
const WITH_THE_PLAN = 'A journal belongs to the plan that it was begun with: keep the two together, under one name.';

export interface Journal {
  standing(id: string): Standing | undefined;
  ids(): IterableIterator<string>;
  /** Appends the entries and waits until they are on disk. */
  append(...entries: readonly Entry[]): Promise<void>;
  close(): Promise<void>;
}

function readLine(line: string): (Entry & { plan?: string }) | undefined {
  try {
    const value = JSON.parse(line) as (Entry & { plan?: string }) | null;
    return typeof value?.plan === 'string' || Array.isArray(value?.ids) ? (value ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

/** True from the beginning of a change until its rollback is finished. */
function isTouched({ mark, nothing }: Entry, before: Standing | undefined): boolean {
  if (mark === 'undone' || nothing === true) return false;
  return mark === 'skipped' ? before?.touched === true : true;
}

interface Read {
  readonly standings: Map<string, Standing>;
  /** Bytes of complete lines; a partial last line, left by a crash, is cut off. */
  readonly wholeBytes: number;
}

function note(standings: Map<string, Standing>, entry: Entry): void {
  for (const id of entry.ids) {
    const before = standings.get(id);
    // A new attempt does not use the data of an undone attempt.
    const kept = before === undefined || (entry.mark === 'begun' && before.mark === 'undone') ? {} : before.data;
    const touched = isTouched(entry, before);
    standings.set(id, { mark: entry.mark, note: entry.note, data: { ...kept, ...entry.data }, touched });
  }
}

/** Reads a journal. Throws {@link JournalError} for another plan's journal, or a broken line inside. */
export async function readJournal(file: string, planDigest: string): Promise<Read> {
  const standings = new Map<string, Standing>();
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { standings, wholeBytes: 0 };
    throw new JournalError(`The journal cannot be read: ${toFileReason(error, 'read', file)}`, WITH_THE_PLAN);
  }
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  for (const [index, line] of whole.split('\n').slice(0, -1).entries()) {
    const entry = readLine(line);
    if (entry === undefined) throw new JournalError(`line ${index + 1} of ${file} is broken`, REPAIR);
    if (entry.plan !== undefined && entry.plan !== planDigest)
      throw new JournalError(`${file} is the journal of another plan`, WITH_THE_PLAN);
    // A journal without its head could belong to another plan with the same people.
    if (index === 0 && entry.plan === undefined)
      throw new JournalError(`line 1 of ${file} does not say which plan it belongs to`, REPAIR);
    if (entry.plan === undefined) note(standings, entry);
  }
  return { standings, wholeBytes: Buffer.byteLength(whole) };
}

async function lockJournal(file: string): Promise<() => Promise<void>> {
  try {
    return await takeLock(`${file}.lock`);
  } catch (error) {
    if (!(error instanceof LockHeld)) throw toFileError(`${file}.lock`, error);
    const where = error.host === hostname() ? '' : ` on ${error.host}`;
    throw new JournalError(
      `process ${error.pid}${where} works on this plan; the lock is ${file}.lock`,
      'Wait until it has ended. If that process is none of yours, or has ended with its machine or container, remove the lock.',
    );
  }
}

/** Opens or creates the journal of the plan with this digest. Throws {@link JournalError}. */
export async function openJournal(file: string, planDigest: string, clock: Clock): Promise<Journal> {
  const unlock = await lockJournal(file);
  let handle: FileHandle | undefined;
  try {
    const { standings, wholeBytes } = await readJournal(file, planDigest);
    handle = await open(file, 'a');
    await handle.truncate(wholeBytes);
    const opened = handle;
    let last: Promise<void> = Promise.resolve();
    const write = async (lines: readonly string[]): Promise<void> => {
      try {
        await opened.appendFile(lines.map((line) => `${line}\n`).join(''));
        await opened.datasync();
      } catch (error) {
        throw toFileError(file, error);
      }
    };
    if (wholeBytes === 0) {
      await write([JSON.stringify({ plan: planDigest })]);
      await syncFolder(file);
    }
    return {
      standing: (id) => standings.get(id),
      ids: () => standings.keys(),
      append(...entries) {
        const at = clock.now().toISOString();
        for (const entry of entries) note(standings, entry);
        // Writes one after the other, so that lines do not mix; each caller waits for its own line.
        last = last.then(() => write(entries.map((entry) => JSON.stringify({ at, ...entry }))));
        return last;
      },
      async close() {
        await last.catch(() => undefined);
        await opened.close();
        await unlock();
      },
    };
  } catch (error) {
    await handle?.close();
    await unlock();
    throw toFileError(file, error);
  }
}
