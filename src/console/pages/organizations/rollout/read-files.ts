/**
 * Parses the plan and the journal of a rollout, in the form of `vestibule rollout` (JSON Lines). Pure, except for the
 * digest, which the browser computes. A file with a mistake is refused as a whole with a sentence ({@link WrongFile}).
 */

export interface Setting {
  readonly id: string;
  readonly before: string | boolean | null;
  readonly after: string | boolean | null;
  readonly locksOut: number;
}

export interface PlanHead {
  readonly made_at: string;
  readonly tenant: { readonly origin: string; readonly kind: string };
  readonly organization: { readonly id: string; readonly name: string; readonly title: string };
  readonly connection: { readonly id: string; readonly name: string };
  readonly settings: readonly Setting[];
  readonly withheld: readonly Setting[];
  readonly totals: Readonly<Record<string, number>>;
  readonly prepare: number;
  /** Number of people by what a second factor changes for them; absent in plans of Auth0. */
  readonly second_factor?: { readonly asks: string; readonly people: Readonly<Record<string, number>> };
  readonly notes?: readonly string[];
}

export interface PlanPerson {
  /** Id of the user; null for a person in the company's directory who has no account yet. */
  readonly user_id: string | null;
  readonly email: string | null;
  readonly name?: string;
  readonly class: string;
  readonly prepare?: unknown;
  readonly second_factor?: string;
}

export interface Plan {
  readonly head: PlanHead;
  readonly people: readonly PlanPerson[];
  readonly digest: string;
}

/** The progress of one person or setting: the newest mark in the journal, with a note that explains it. */
export interface Standing {
  readonly mark: string;
  readonly note?: string;
}

export type Journal = ReadonlyMap<string, Standing>;

/** Thrown if a file is not usable. Its message says why, and what the operator should do. */
export class WrongFile extends Error {}

const VERSION = 1;

function parseLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Finds out from the first line whether a text is a plan or a journal; returns undefined if it is neither. */
export function judgeFile(text: string): 'plan' | 'journal' | undefined {
  const first = parseLine(text.slice(0, text.indexOf('\n')));
  if (first?.vestibule_rollout !== undefined) return 'plan';
  return typeof first?.plan === 'string' ? 'journal' : undefined;
}

/**
 * Returns the text's SHA-256 as hexadecimal digits. Returns undefined if the browser cannot compute it, as on a page
 * without https.
 */
async function digestOf(text: string): Promise<string | undefined> {
  if (globalThis.crypto?.subtle === undefined) return undefined;
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Parses a plan. Rejects with {@link WrongFile}. */
export async function readPlan(text: string): Promise<Plan> {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const end = body.lastIndexOf('\n') + 1;
  const digest = parseLine(body.slice(end))?.digest;
  if (typeof digest !== 'string')
    throw new WrongFile('The plan is incomplete: its last line is missing. Copy the file again.');
  const found = await digestOf(body.slice(0, end));
  if (found !== undefined && found !== digest)
    throw new WrongFile('The plan was changed after it was created, so no command accepts it. Create a new plan.');
  const [head, ...people] = body
    .slice(0, end - 1)
    .split('\n')
    .map(parseLine);
  if (head?.vestibule_rollout !== VERSION)
    throw new WrongFile(`The plan has version ${head?.vestibule_rollout}, but this console reads version ${VERSION}.`);
  const broken = people.indexOf(undefined);
  if (broken >= 0) throw new WrongFile(`Line ${broken + 2} of the plan cannot be read.`);
  return { head: head as unknown as PlanHead, people: people as unknown as readonly PlanPerson[], digest };
}

/**
 * Parses a journal: the progress of each person and setting, by id. `digest` names the plan to which it must belong.
 * Ignores a partial last line, which a running command leaves. Throws {@link WrongFile}.
 */
export function readJournal(text: string, digest: string): Journal {
  const [head, ...lines] = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  if (parseLine(head ?? '')?.plan !== digest)
    throw new WrongFile('The journal belongs to another plan. Choose a plan and a journal with the same name.');
  const standings = new Map<string, Standing>();
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const entry = parseLine(line) as
      | { ids?: readonly string[]; mark?: string; note?: string; plan?: string }
      | undefined;
    if (entry?.plan !== undefined) continue;
    if (!Array.isArray(entry?.ids) || entry.mark === undefined)
      throw new WrongFile(`Line ${index + 2} of the journal cannot be read.`);
    const { mark, note } = entry;
    for (const id of entry.ids) standings.set(String(id), { mark, ...(note !== undefined && { note }) });
  }
  return standings;
}
