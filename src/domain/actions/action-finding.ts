/**
 * A linter's finding in an Action's code: one fault, its position, why it matters, and the code to write instead. The
 * texts are for the code's author; they never quote a value that may be a secret.
 */

/**
 * `error`: the code fails or does harm as written. `warning`: it does harm in some cases. `info`: it works, at a cost.
 */
export type FindingSeverity = 'error' | 'warning' | 'info';

export interface Finding {
  /** Name of the rule, in kebab-case: also the anchor of its documentation. */
  readonly id: string;
  readonly severity: FindingSeverity;
  /** Counted from 1, as editors do. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;
  /** One sentence that describes the fault. */
  readonly message: string;
  readonly why: string;
  /** How to fix it; if possible, the code to write. */
  readonly fix: string;
  /** Path of the rule's documentation, relative to the root of the package. */
  readonly docs: string;
}
