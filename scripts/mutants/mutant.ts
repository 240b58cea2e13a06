/** A seeded fault: one exact piece of source, what it becomes, what that breaks, and the test files of which one has to fail. */
export interface Mutant {
  readonly file: string;
  /** What the fault takes away, as a reader of the table understands it. */
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
