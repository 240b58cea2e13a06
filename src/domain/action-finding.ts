/**
 * What the linter says about the code of an Action: one thing that is wrong, where, why it matters, and what to write
 * instead. The words are for the person who wrote the code; they never quote a value that may be a secret.
 */

/** error: fails or does harm as written. warning: does harm in a case that comes. info: works, with a cost to know of. */
export type FindingSeverity = 'error' | 'warning' | 'info';

export interface Finding {
  /** Name of the rule, in kebab-case: also the anchor of its documentation. */
  readonly id: string;
  readonly severity: FindingSeverity;
  /** Counted from 1, as editors do. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;
  /** One sentence: what is wrong here. */
  readonly message: string;
  /** What comes of it. */
  readonly why: string;
  /** What to do; where it can be given, the code to write. */
  readonly fix: string;
  /** Where the documentation explains it, relative to the root of the package. */
  readonly docs: string;
}
