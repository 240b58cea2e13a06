/**
 * A seeded fault: an exact piece of source, its replacement, the protection that this breaks, and the test files of
 * which one has to fail.
 */
export interface Mutant {
  readonly file: string;
  /** The protection that the fault removes, in words for readers of the table. */
  readonly breaks: string;
  /** Occurs exactly once in the file. */
  readonly before: string;
  readonly after: string;
  readonly tests: readonly string[];
}

/** Mutants of one file. */
export function mutantsOf(
  file: string,
  ...rows: readonly (readonly [breaks: string, before: string, after: string, ...tests: string[]])[]
): Mutant[] {
  return rows.map(([breaks, before, after, ...tests]) => ({ file, breaks, before, after, tests }));
}
