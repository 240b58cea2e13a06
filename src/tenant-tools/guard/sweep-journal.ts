/**
 * The journal beside a sweep's plan: JSON Lines, written and synced before each change, so that after a crash it says
 * what may have been done. Append only. Its first line binds it to one plan. One process at a time has it open.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { syncFolder } from '../../kernel/durable-files.js';
import { toFileReason } from '../../kernel/file-errors.js';
import { holdAlone } from './alone.js';
import { GuardError, toUnwritten } from './guard-error.js';

/**
 * The content of a line. `removing` and `restoring` are written before the request, `removed` and `restored` after its
 * answer.
 */
export type JournalEntry =
  | { readonly event: 'begin'; readonly digest: string }
  | { readonly event: 'removing'; readonly user_ids: readonly string[] }
  | { readonly event: 'removed'; readonly user_ids: readonly string[]; readonly at: string }
  | { readonly event: 'skipped'; readonly user_id: string; readonly why: string }
  | { readonly event: 'deleting_user'; readonly user_id: string }
  | { readonly event: 'deleted_user'; readonly user_id: string }
  | { readonly event: 'restoring' | 'restored'; readonly user_ids: readonly string[] };

/** How far the removal or restoration of a person is. */
export type PersonState = 'open' | 'removing' | 'removed' | 'skipped' | 'restoring' | 'restored';

export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** Appends a line. When this returns, the line survives a crash of the machine. */
  write(entry: JournalEntry): Promise<void>;
  stateOf(userId: string): PersonState;
  /** True once the user may have been deleted. */
  isDeleted(userId: string): boolean;
  /** When the user was last removed; undefined if unknown. */
  removedAt(userId: string): Date | undefined;
  close(): Promise<void>;
}

/** Returns the path of a plan's journal. */
export function journalPath(plan: string): string {
  return `${plan}.journal`;
}

/** Parses the entries; a last line without a line feed was cut off by a crash and does not count. */
function parseEntries(text: string, path: string): readonly JournalEntry[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  try {
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as JournalEntry);
  } catch {
    throw new GuardError('use', `${path} is no journal of a sweep.`, 'It stands beside its plan, under the same name.');
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new GuardError('use', `The journal cannot be read: ${toFileReason(error, 'read', path)}.`);
  }
}

class FileJournal implements Journal {
  readonly entries: JournalEntry[] = [];
  private readonly states = new Map<string, PersonState>();
  private readonly deleted = new Set<string>();
  private readonly removed = new Map<string, Date>();
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    entries: readonly JournalEntry[],
    private readonly unlock: () => Promise<void>,
  ) {
    for (const entry of entries) this.learn(entry);
  }

  private learn(entry: JournalEntry): void {
    this.entries.push(entry);
    if (entry.event === 'begin') return;
    if (entry.event === 'deleting_user' || entry.event === 'deleted_user') {
      this.deleted.add(entry.user_id);
      return;
    }
    if (entry.event === 'skipped') {
      this.states.set(entry.user_id, 'skipped');
      return;
    }
    for (const userId of entry.user_ids) {
      this.states.set(userId, entry.event);
      if (entry.event === 'removed') this.removed.set(userId, new Date(entry.at));
    }
  }

  async write(entry: JournalEntry): Promise<void> {
    // Written one after the other, so that lines do not mix.
    this.last = this.last.then(async () => {
      try {
        await this.file.appendFile(`${JSON.stringify(entry)}\n`);
        await this.file.sync();
      } catch (error) {
        throw toUnwritten(this.path, error);
      }
      this.learn(entry);
    });
    return this.last;
  }

  stateOf(userId: string): PersonState {
    return this.states.get(userId) ?? 'open';
  }

  isDeleted(userId: string): boolean {
    return this.deleted.has(userId);
  }

  removedAt(userId: string): Date | undefined {
    return this.removed.get(userId);
  }

  async close(): Promise<void> {
    await this.last.catch(() => undefined);
    await this.file.close();
    await this.unlock();
  }
}

/** Opens a journal whose lock is held already; `close` releases the lock. */
async function openHeld(path: string, digest: string, unlock: () => Promise<void>): Promise<Journal> {
  const text = await readText(path);
  const entries = parseEntries(text, path);
  const [first] = entries;
  if (first !== undefined && (first.event !== 'begin' || first.digest !== digest)) {
    throw new GuardError('use', `${path} belongs to another plan.`, 'A journal stands beside its own plan.');
  }
  const file = await open(path, 'a', 0o600);
  // Cuts off a partial line that a crash left, which the next line would continue.
  await file.truncate(Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)));
  const journal = new FileJournal(path, file, entries, unlock);
  if (first === undefined) {
    await journal.write({ event: 'begin', digest });
    await syncFolder(path);
  }
  return journal;
}

/**
 * Opens the journal of the plan with this digest, or creates it. Throws {@link GuardError} for another plan's journal,
 * and while another process has the journal open.
 */
export async function openJournal(plan: string, digest: string): Promise<Journal> {
  const path = journalPath(plan);
  const unlock = await holdAlone(path);
  try {
    return await openHeld(path, digest, unlock);
  } catch (error) {
    await unlock();
    throw toUnwritten(path, error);
  }
}
