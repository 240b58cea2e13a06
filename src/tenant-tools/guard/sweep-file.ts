/**
 * The plan file of a sweep: JSON Lines with a head, one line for each person, and a digest. Only the plan that a person
 * has read is applied: a changed line, a truncated file or another tenant's plan is refused. Holds no secret.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createDurably } from '../../kernel/durable-files.js';
import { toFileReason } from '../../kernel/file-errors.js';
import type { UnexplainedReason } from './evidence.js';
import { GuardError } from './guard-error.js';
import type { Organization } from './tenant-reads.js';

/** A member who may be a stranger. */
export interface SweepPerson {
  readonly kind: 'person';
  readonly class: 'stranger' | 'unexplained';
  readonly action: 'remove' | 'ask-a-human';
  readonly user_id: string;
  readonly email: string;
  readonly why: string;
  readonly evidence: {
    readonly connection: string;
    readonly roles: readonly string[];
    /** Id of the log line that explains the membership of a stranger. */
    readonly log_id?: string;
    readonly joined_at?: string;
    readonly unexplained?: UnexplainedReason;
    /** Set if the person has set up a second factor: it belongs to the account, and a removal leaves it. */
    readonly second_factor?: true;
  };
}

export interface SweepHead {
  readonly kind: 'vestibule-guard-sweep';
  readonly version: 1;
  readonly tenant: string;
  readonly organization: Organization;
  readonly made_at: string;
  readonly min_age_seconds: number;
  readonly totals: Readonly<Record<string, number>>;
}

export interface SweepPlan {
  readonly head: SweepHead;
  readonly people: readonly SweepPerson[];
  /** SHA-256 in hex of all lines of the file before the last, which states it. */
  readonly digest: string;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Formats a plan; returns the text, and the plan with its digest. */
export function formatSweep(head: SweepHead, people: readonly SweepPerson[]): { text: string; plan: SweepPlan } {
  const lines = [head, ...people].map((line) => `${JSON.stringify(line)}\n`).join('');
  const digest = digestOf(lines);
  return { text: `${lines}${JSON.stringify({ kind: 'digest', sha256: digest })}\n`, plan: { head, people, digest } };
}

/** Writes the plan; refuses to replace a file, which may be an earlier plan with a journal. */
export async function writeSweep(path: string, text: string): Promise<void> {
  try {
    await createDurably(path, text);
  } catch (error) {
    const reason = toFileReason(error, 'write', path);
    throw new GuardError('use', `The plan cannot be written: ${reason}.`, 'Name another file by --out.');
  }
}

function parsePerson(line: unknown): SweepPerson | undefined {
  const person = line as Partial<SweepPerson> | null;
  const isPerson = person?.kind === 'person' && typeof person.user_id === 'string' && person.evidence !== undefined;
  return isPerson ? (person as SweepPerson) : undefined;
}

/** Parses the text of a plan; `path` is for messages. Throws {@link GuardError} if it is incomplete or was changed. */
export function parseSweep(text: string, path: string): SweepPlan {
  const refuse = (reason: string) =>
    new GuardError('use', `${path} ${reason}.`, 'Make a new plan: vestibule guard sweep plan.');
  const end = text.trimEnd().lastIndexOf('\n') + 1;
  const lines = text.slice(0, end).split('\n').slice(0, -1);
  let parsed: unknown[];
  let last: { kind?: unknown; sha256?: unknown };
  try {
    parsed = lines.map((line) => JSON.parse(line) as unknown);
    last = JSON.parse(text.slice(end)) as typeof last;
  } catch {
    throw refuse('is no plan of a sweep, or was cut off');
  }
  const [head, ...rest] = parsed;
  const known = head as Partial<SweepHead> | undefined;
  if (known?.kind !== 'vestibule-guard-sweep' || known.version !== 1) throw refuse('is no plan of a sweep');
  if (last.kind !== 'digest' || last.sha256 !== digestOf(text.slice(0, end))) {
    throw refuse('was changed since it was made, or was cut off');
  }
  const people = rest.map(parsePerson);
  if (people.includes(undefined)) throw refuse('has a line that is no person');
  return { head: known as SweepHead, people: people as SweepPerson[], digest: last.sha256 };
}

/** Reads the plan of a sweep for this tenant. Throws {@link GuardError}. */
export async function readSweep(path: string, tenant: string): Promise<SweepPlan> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new GuardError('use', `The plan cannot be read: ${toFileReason(error, 'read', path)}.`);
  }
  const plan = parseSweep(text, path);
  if (plan.head.tenant === tenant) return plan;
  throw new GuardError('use', `${path} is a plan for ${plan.head.tenant}, not for ${tenant}.`);
}
