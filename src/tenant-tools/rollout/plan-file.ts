/**
 * The file of a plan: JSON Lines with a head (tenant, settings, totals), one line for each person, and the digest of
 * all earlier lines. A file that was changed, truncated or made by another version is refused. Opens no file: it
 * converts text.
 */
import { createHash } from 'node:crypto';
import type { FactorEffect, FactorRule } from '../../domain/factors/factor-effect.js';
import type { PersonClass, TenantKind } from './classify.js';
import type { SettingChange } from './settings.js';

export const PLAN_VERSION = 1;

/** Effects of second factors: whom the settings ask, and the number of people by effect. */
export interface FactorForecast {
  readonly asks: FactorRule['asks'];
  readonly people: Readonly<Partial<Record<FactorEffect, number>>>;
}

export interface PlanHead {
  readonly vestibule_rollout: typeof PLAN_VERSION;
  readonly made_at: string;
  readonly tenant: { readonly origin: string; readonly kind: TenantKind };
  readonly organization: { readonly id: string; readonly name: string; readonly title: string };
  readonly connection: { readonly id: string; readonly name: string; readonly strategy: string };
  /** File name and line count of the directory; null for none. */
  readonly directory: { readonly file: string; readonly people: number } | null;
  readonly domains: readonly string[];
  readonly settings: readonly SettingChange[];
  /** Requested settings that are left out because they would lock people out. */
  readonly withheld: readonly SettingChange[];
  readonly totals: Readonly<Partial<Record<PersonClass, number>>>;
  readonly prepare: number;
  /** Effects of second factors on the people; absent where the tenant does not tell. */
  readonly second_factor?: FactorForecast;
  /** Warnings about people whom this connection cannot prepare. */
  readonly notes?: readonly string[];
  /** Digest of the tenant's state from which the plan was made. */
  readonly state: string;
}

export interface PlanPerson {
  /** Id of the user; null for a directory entry without an account. */
  readonly user_id: string | null;
  readonly email: string | null;
  readonly name?: string;
  readonly class: PersonClass;
  /** The identity to prepare: by the subject, or by the address. */
  readonly prepare?: { readonly subject: string } | { readonly expected_email: string };
  readonly roles?: readonly string[];
  readonly second_factor?: FactorEffect;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly state?: string;
}

export interface Plan {
  readonly head: PlanHead;
  readonly people: readonly PlanPerson[];
  readonly digest: string;
}

/** Thrown when a plan's file cannot be used; the message says why. */
export class PlanError extends Error {
  override name = 'PlanError';
}

const toLastLine = (digest: string): string => JSON.stringify({ digest });

/**
 * Yields the lines of the file, without line breaks. `people` are lines already, so that a hundred thousand people fit
 * into memory.
 */
export function* toPlanLines(head: PlanHead, people: readonly string[]): Generator<string> {
  const hash = createHash('sha256');
  const count = (line: string): string => {
    hash.update(`${line}\n`);
    return line;
  };
  yield count(JSON.stringify(head));
  for (const line of people) yield count(line);
  yield toLastLine(hash.digest('hex'));
}

function parseLine(line: string, number: number): Record<string, unknown> {
  try {
    const value = JSON.parse(line) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Falls through to the error below.
  }
  throw new PlanError(`line ${number} of the plan is no JSON object`);
}

/** Parses a plan. Throws {@link PlanError}. */
export function parsePlan(text: string): Plan {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const last = lines.pop();
  if (last === undefined || lines.length === 0) throw new PlanError('the file is no plan');
  const hash = createHash('sha256');
  for (const line of lines) hash.update(`${line}\n`);
  const head = parseLine(lines[0] ?? '', 1) as unknown as PlanHead;
  if (head.vestibule_rollout === undefined) throw new PlanError('the file is no plan of vestibule rollout');
  if (head.vestibule_rollout !== PLAN_VERSION) {
    throw new PlanError(`the plan has version ${head.vestibule_rollout}, this command takes version ${PLAN_VERSION}`);
  }
  const { digest } = parseLine(last, lines.length + 1);
  const found = hash.digest('hex');
  if (digest === undefined) throw new PlanError('the plan was cut off: its last line is not the digest');
  if (last !== toLastLine(found))
    throw new PlanError('the plan was changed after it was made: its digest does not fit');
  const people = lines.slice(1).map((line, index) => parseLine(line, index + 2) as unknown as PlanPerson);
  return { head, people, digest: found };
}
