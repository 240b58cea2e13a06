/** The trace of a login: which rule answered what, in order. Steps add lines; nobody removes any. Never holds a secret. */
import type { Stage, TraceLine } from '../ports/ledger.js';

export interface Trace {
  readonly lines: readonly TraceLine[];
  add(stage: Stage, rule: string, answer: TraceLine['answer'], evidence?: TraceLine['evidence']): void;
}

/** An empty trace; `lines` may be read at any time. */
export function newTrace(): Trace {
  const lines: TraceLine[] = [];
  return {
    lines,
    add(stage, rule, answer, evidence = {}) {
      lines.push({ stage, rule, answer, evidence });
    },
  };
}
