/**
 * A finding of the linter in the code of an Action: one fault, its place, why it matters, and the code to write instead. The texts are for
 * the author of the code; they never quote a value that may be a secret.
 */

/** error: fails or does harm as written. warning: will do harm in some case. info: works, at a cost. */
export type FindingSeverity = 'error' | 'warning' | 'info';

export interface Finding {
  /** Name of the rule, in kebab-case: also the anchor of its documentation. */
  readonly id: string;
  readonly severity: FindingSeverity;
  /** Counted from 1, as editors do. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;
  /** One sentence: the fault in this place. */
  readonly message: string;
  /** The consequence. */
  readonly why: string;
  /** The way to fix it; where possible, the code to write. */
  readonly fix: string;
  /** The place of its documentation, relative to the root of the package. */
  readonly docs: string;
}
