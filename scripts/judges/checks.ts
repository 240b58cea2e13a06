/**
 * Runs the checks of a judge. Each prints one line, and a failed one does not end the run. Decides nothing about the
 * server.
 */

/** The checks of one group. Each line begins with the group's name. */
export class Checks {
  private passed = 0;
  private readonly failed: string[] = [];

  constructor(private readonly group: string) {}

  /** Number of checks that passed and failed so far. */
  get counts(): { readonly passed: number; readonly failed: number } {
    return { passed: this.passed, failed: this.failed.length };
  }

  /** Runs a check and prints its line, with the error's message if it failed. Returns true if it passed. */
  async play(name: string, deed: () => Promise<unknown>): Promise<boolean> {
    const title = `${this.group}: ${name}`;
    try {
      await deed();
      this.passed += 1;
      process.stdout.write(`ok    ${title}\n`);
      return true;
    } catch (error) {
      this.failed.push(title);
      const reason = error instanceof Error ? error.message : String(error);
      process.stdout.write(`FAIL  ${title}\n      ${reason.split('\n').slice(0, 12).join('\n      ')}\n`);
      return false;
    }
  }

  /** Reports a check that cannot run here, with the reason. */
  skip(name: string, reason: string): void {
    process.stdout.write(`skip  ${this.group}: ${name} (${reason})\n`);
  }
}

/** Prints `N passed, N failed` for all groups, and sets the exit code of the process. */
export function summarize(all: readonly Checks[]): void {
  const passed = all.reduce((sum, { counts }) => sum + counts.passed, 0);
  const failed = all.reduce((sum, { counts }) => sum + counts.failed, 0);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
