/** Says while the tests run how far they are, and at their end which ten files cost most. Beside Vitest's own reporter. */
import { relative } from 'node:path';
import type { Reporter, TestModule, TestSpecification } from 'vitest/node';

const SAY_EVERY_MS = 20_000;
const SHOWN = 10;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Time that the file took, its imports and set-up included, in milliseconds. */
function costOf(module: TestModule): number {
  const { collectDuration, environmentSetupDuration, prepareDuration, setupDuration, duration } = module.diagnostic();
  return collectDuration + environmentSetupDuration + prepareDuration + setupDuration + duration;
}

export default class CostReporter implements Reporter {
  #files = 0;
  #startedMs = 0;
  #saidMs = 0;
  #costs: { readonly path: string; readonly ms: number }[] = [];

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#files = specifications.length;
    this.#startedMs = performance.now();
    this.#saidMs = this.#startedMs;
    this.#costs = [];
  }

  onTestModuleEnd(module: TestModule): void {
    this.#costs.push({ path: relative(process.cwd(), module.moduleId), ms: costOf(module) });
    const now = performance.now();
    if (now - this.#saidMs < SAY_EVERY_MS) return;
    this.#saidMs = now;
    console.log(` ${this.#costs.length} of ${this.#files} files after ${seconds(now - this.#startedMs)}`);
  }

  onTestRunEnd(): void {
    if (this.#costs.length <= SHOWN) return;
    const dearest = this.#costs.sort((a, b) => b.ms - a.ms).slice(0, SHOWN);
    const lines = dearest.map(({ path, ms }) => `  ${seconds(ms).padStart(8)}  ${path}`);
    console.log(`\nThe ${SHOWN} files that cost most:\n${lines.join('\n')}\n`);
  }
}
