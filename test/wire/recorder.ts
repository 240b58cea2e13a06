/** Runs the steps of a driver one after the other, notes how each went, and stops at the first that others build on. */
import { isDeepStrictEqual } from 'node:util';

export interface StepResult {
  readonly name: string;
  /** `ok`, or what went wrong. */
  readonly result: string;
}

/** Throws unless both are the same. */
export function expectEqual(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) {
    throw new Error(`got ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
  }
}

export function createRecorder() {
  const steps: StepResult[] = [];
  const print = () => process.stdout.write(`${JSON.stringify(steps)}\n`);
  return {
    print,
    async step<T>(name: string, work: () => Promise<T>): Promise<T> {
      try {
        const value = await work();
        steps.push({ name, result: 'ok' });
        return value;
      } catch (error) {
        const { message, cause } = error as Error;
        steps.push({ name, result: `${message} ${cause instanceof Error ? cause.message : ''}`.trim() });
        print();
        process.exit(1);
      }
    },
  };
}
