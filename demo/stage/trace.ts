/**
 * Arranges the trace of a login for the page: six steps in order, each with its lines, and a mark on the line that
 * decided.
 */
import type { LogLine, TraceLine } from '../operator.js';
import { type Sentence, toSentence } from './sentences.js';

const STEPS = ['identify', 'authenticate', 'resolve', 'admit', 'act', 'commit'] as const;

export interface ShownLine extends TraceLine, Sentence {
  readonly decides: boolean;
  readonly binds: boolean;
}

export interface ShownStep {
  readonly name: string;
  /** Answer of the step as a whole; `none` if the login did not reach it, or if it had nothing to check. */
  readonly answer: 'pass' | 'ask' | 'refuse' | 'none';
  readonly note: string;
  readonly lines: readonly ShownLine[];
}

export interface ShownTrace {
  readonly outcome: 'admitted' | 'refused';
  readonly code: string;
  readonly reference: string;
  readonly steps: readonly ShownStep[];
}

/** Finds the line that decided: the refusing one, else the last one of the admission. */
function findDeciding(lines: readonly TraceLine[], refused: boolean): TraceLine | undefined {
  const refusing = refused ? lines.findLast((line) => line.answer === 'refuse') : undefined;
  return refusing ?? lines.findLast((line) => line.stage === 'admit');
}

/** True for a line that is shown beside the decision: an identity was linked to an existing account. */
function binds(line: TraceLine): boolean {
  return line.rule === 'silent_or_proof' && line.answer === 'pass' && line.evidence.newcomer !== true;
}

/** Removes repeated lines: after the earlier commit point of Auth0's order the same rules are checked again. */
function withoutRepeats(lines: readonly TraceLine[]): readonly TraceLine[] {
  const texts = lines.map((line) => JSON.stringify([line.stage, line.rule, line.answer, toSentence(line)]));
  return lines.filter((_line, index) => texts.indexOf(texts[index] ?? '') === index);
}

/** Arranges the trace of one line of the login log. */
export function arrange(log: LogLine): ShownTrace {
  const lines = withoutRepeats(log.details?.trace ?? []);
  const refused = log.type !== 's';
  const deciding = findDeciding(lines, refused);
  const lastStep = Math.max(...lines.map((line) => STEPS.indexOf(line.stage as (typeof STEPS)[number])), -1);
  const steps = STEPS.map((name, index): ShownStep => {
    const own = lines.filter((line) => line.stage === name);
    const worst = own.some((line) => line === deciding && line.answer === 'refuse') ? 'refuse' : 'pass';
    const reached = index <= lastStep || !refused;
    const note = own.length > 0 ? '' : name === 'act' && reached ? 'no Action is bound' : reached ? '' : 'not reached';
    return {
      name,
      answer: own.length === 0 && (name === 'act' || !reached) ? 'none' : worst,
      note,
      lines: own.map((line) => ({ ...line, ...toSentence(line), decides: line === deciding, binds: binds(line) })),
    };
  });
  return {
    outcome: refused ? 'refused' : 'admitted',
    code: log.details?.code ?? '',
    reference: log.details?.reference ?? '',
    steps,
  };
}
