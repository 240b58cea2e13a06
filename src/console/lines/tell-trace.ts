/**
 * Describes the trace of a login: six steps in order, and the deciding line. A rule that did not apply to this login is
 * described so, never as a "yes". Words only; pure.
 */
import type { LogLine, TraceLine } from './answers.js';
import { findRefusal } from './refusal-table.js';
import { RULE_WORDS, type Said } from './rule-words.js';
import { fillNames } from './tell-line.js';

export const STEPS = [
  { key: 'identify', name: 'Application and organization' },
  { key: 'authenticate', name: 'Proof of identity' },
  { key: 'resolve', name: 'Account' },
  { key: 'admit', name: 'Admission to the organization' },
  { key: 'act', name: 'Actions' },
  { key: 'commit', name: 'Saving the result' },
] as const;

export interface ToldLine extends Said {
  readonly rule: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly decides: boolean;
}

export interface ToldStep {
  readonly key: string;
  readonly name: string;
  /** `none`: the login did not reach the step, or nothing was checked. */
  readonly verdict: 'yes' | 'no' | 'asks' | 'none';
  /** Why the step has no lines. */
  readonly note: string;
  readonly lines: readonly ToldLine[];
}

const VERDICTS = { pass: 'yes', refuse: 'no', ask: 'asks' } as const;

/** Describes one line; a rule without words is shown by the refusal of its name, else by its name. */
export function tellRule({ stage, rule, answer, evidence = {} }: TraceLine): Said {
  const words = RULE_WORDS[`${stage}.${rule}:${answer}`] ?? RULE_WORDS[`${stage}.${rule}`];
  const name = findRefusal(`${stage}.${rule}`)?.short ?? rule.replaceAll('_', ' ');
  const said = typeof words === 'function' ? words(evidence) : (words ?? fillNames(`${name}.`, {}));
  return typeof said === 'string' ? { says: said, verdict: VERDICTS[answer] } : said;
}

/** Finds the deciding line: the one that refused, else the last one of the admission. */
function findDeciding(lines: readonly TraceLine[], isRefused: boolean): TraceLine | undefined {
  const refusing = isRefused ? lines.findLast(({ answer }) => answer === 'refuse') : undefined;
  return refusing ?? lines.findLast(({ stage }) => stage === 'admit');
}

function noteOf(key: string, isReached: boolean): string {
  if (!isReached) return 'Not reached.';
  return key === 'act' ? 'No Action runs here.' : '';
}

function verdictOf(lines: readonly TraceLine[], deciding: TraceLine | undefined): ToldStep['verdict'] {
  if (lines.length === 0) return 'none';
  if (lines.some((line) => line === deciding && line.answer === 'refuse')) return 'no';
  return lines.at(-1)?.answer === 'ask' ? 'asks' : 'yes';
}

/** Describes the six steps of a trace. `isRefused` is the result of the login. */
export function tellTrace(trace: readonly TraceLine[], isRefused: boolean): readonly ToldStep[] {
  const deciding = findDeciding(trace, isRefused);
  const last = Math.max(-1, ...trace.map(({ stage }) => STEPS.findIndex(({ key }) => key === stage)));
  return STEPS.map(({ key, name }, index) => {
    const own = trace.filter(({ stage }) => stage === key);
    const isReached = index <= last || !isRefused;
    return {
      key,
      name,
      verdict: verdictOf(own, deciding),
      note: own.length > 0 ? '' : noteOf(key, isReached),
      lines: own.map((line) => ({
        ...tellRule(line),
        rule: line.rule,
        evidence: line.evidence ?? {},
        decides: line === deciding,
      })),
    };
  });
}

/** Describes a line's trace, step by step; undefined for a line without a trace. */
export function traceOf({ details, type }: LogLine): readonly ToldStep[] | undefined {
  return details?.trace === undefined ? undefined : tellTrace(details.trace, type !== 's');
}
