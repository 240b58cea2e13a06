/**
 * A refusal of the pipeline as a value. Its texts are the rows of src/facts/refusals.ts. The private detail goes only
 * into the trace and the log, never into these texts.
 */

import type { RefusalRow } from '../facts/refusals/row.js';
import { REFUSALS, type RefusalCode } from '../facts/refusals.js';

export { REFUSALS, type RefusalCode };

/**
 * Sentences for a person whose whole network has reached its limit: of wrong passwords, or of invalid answers of a
 * company's sign-in. They replace the refusal's own sentence: another address or a new password would not help this
 * person.
 */
export const LIMIT_SENTENCES = {
  passwords: 'There were too many wrong passwords in a short time from your network, so we stop for a while.',
  answers:
    'There were too many sign-ins in a short time from your network that did not succeed, so we stop for a while.',
  /** Replaces the advice when a limit is over in seconds. */
  minute: 'Wait a minute, then try again.',
  /** Replaces the advice when a limit lasts for an hour. */
  hour: 'Wait an hour, then start again from the application.',
  /** Replaces the advice when the tenant's own limit lasts for hours. */
  later: 'Try again tomorrow, or from another network. If you cannot wait, ask your administrator.',
} as const;

/**
 * Returns the row of a refusal's code, typed with all columns (the table's own type has only those that a row fills).
 */
export function rowOf(code: RefusalCode): RefusalRow {
  return REFUSALS[code];
}

/** A refusal. `detail` is private: for the log, never for the person or the application. */
/** Names of the advice for limits of other lengths than a quarter of an hour. */
export type Lasts = 'minute' | 'hour' | 'later';

/** Returns the advice for a limit of this many seconds; nothing where the usual one is true. */
export function lastsFor({ windowSeconds }: { readonly windowSeconds: number }): Pick<Refusal, 'lasts'> {
  if (windowSeconds <= 60) return { lasts: 'minute' };
  if (windowSeconds <= 900) return {};
  return { lasts: windowSeconds <= 3_600 ? 'hour' : 'later' };
}

export interface Refusal {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  readonly detail: string;
  /** `error_description` with its placeholders filled. */
  readonly description: string;
  /** Replaces the description in the log: the message of an Action's exception, which only the tenant may read. */
  readonly logged?: string;
  /** The limit that a whole network has reached: its sentence in {@link LIMIT_SENTENCES} replaces the usual one. */
  readonly limit?: Exclude<keyof typeof LIMIT_SENTENCES, Lasts>;
  /** Set when the limit does not last for the quarter of an hour of the usual advice: this one replaces it. */
  readonly lasts?: Lasts;
  /** A text for the person that an Action wrote. It replaces the sentence of the refusal's row. */
  readonly sentence?: string;
  /** True when an Action asked to revoke this browser's session. */
  readonly endsSession?: boolean;
}

/** True for a refusal in place of a good result. */
export function isRefusal<Result extends object>(result: Result): result is Extract<Result, Refusal> {
  return 'kind' in result && result.kind === 'refused';
}

/** True for an answer that stops the steps, a refusal or a question: the output of a step has no `kind`. */
export function isStop<Result extends object>(result: Result): result is Extract<Result, { readonly kind: string }> {
  return 'kind' in result;
}

/** Builds a refusal; `names` fills the placeholders of the description. */
export function refuse(code: RefusalCode, detail: string, names: Readonly<Record<string, string>> = {}): Refusal {
  const description = REFUSALS[code].description
    .replace(/\{(\w+)\}/g, (_all, name: string) => names[name] ?? name)
    // An Action's text may have several lines; an `error_description` has one (RFC 6749 section 4.1.2.1).
    .replace(/\s+/g, ' ');
  return { kind: 'refused', code, detail, description };
}
