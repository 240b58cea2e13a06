/** Writes what failed, with its causes, into a file: the end of a long output is the part that people keep, so .ci/run prints it there. */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

const LINES_OF_A_MESSAGE = 12;

/** The beginning of an error's message and place, then of its cause: a property's failure says only in its cause which expectation it was. */
function tell(error: Partial<SerializedError> & { readonly cause?: unknown }): readonly string[] {
  const lines = String(error.stack ?? error.message)
    .split('\n')
    .slice(0, LINES_OF_A_MESSAGE);
  const { cause } = error;
  return typeof cause === 'object' && cause !== null ? [...lines, 'caused by', ...tell(cause)] : lines;
}

export default class FailuresReporter implements Reporter {
  readonly #path: string | undefined;

  /** Without a file it says nothing: a person sees what Vitest shows. */
  constructor({ outputFile }: { readonly outputFile?: string }) {
    this.#path = outputFile;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    if (!this.#path) return;
    const told = (title: string, errors: readonly SerializedError[]) =>
      errors.map((error) => `${title}\n    ${tell(error).join('\n    ')}\n`);
    const ofModules = modules.flatMap((module) => {
      const file = relative(process.cwd(), module.moduleId);
      return [
        ...told(`${file} could not be loaded`, module.errors()),
        ...[...module.children.allSuites()].flatMap((suite) => told(`${file}: ${suite.fullName}`, suite.errors())),
        ...[...module.children.allTests('failed')].flatMap((test) =>
          told(`${file}: ${test.fullName}`, test.result().errors ?? []),
        ),
      ];
    });
    writeFileSync(this.#path, [...ofModules, ...told('outside of every test', unhandled)].join(''));
  }
}
