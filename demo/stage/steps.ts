/**
 * The progress of a play of several steps: each step with its state and its promises. Draws nothing, decides nothing.
 */
import type { Check } from './stories.js';

export interface StepWords {
  readonly title: string;
  readonly says: string;
}

export interface Step {
  state: 'waiting' | 'running' | 'done' | 'broken';
  done: number;
  total: number;
  checks: readonly Check[];
}

export class Steps<Name extends string> {
  readonly steps: ReadonlyMap<Name, Step>;
  over = false;
  problem: string | undefined;

  constructor(readonly words: Readonly<Record<Name, StepWords>>) {
    const names = Object.keys(words) as Name[];
    this.steps = new Map(names.map((name) => [name, { state: 'waiting', done: 0, total: 0, checks: [] }]));
  }

  private of(name: Name): Step {
    const step = this.steps.get(name);
    if (step === undefined) throw new Error(`there is no step ${name}`);
    return step;
  }

  progress(name: Name, done: number, total: number): void {
    Object.assign(this.of(name), { done, total });
  }

  /** Runs a step and keeps its checks. Returns the value that the step passed to `keep`. */
  async step<T = undefined>(name: Name, work: (keep: (value: T) => T) => Promise<readonly Check[]>): Promise<T> {
    const step = this.of(name);
    step.state = 'running';
    let kept: T | undefined;
    try {
      step.checks = await work((value) => {
        kept = value;
        return value;
      });
    } catch (error) {
      step.state = 'broken';
      throw error;
    }
    step.state = step.checks.every(({ ok }) => ok) ? 'done' : 'broken';
    return kept as T;
  }
}
