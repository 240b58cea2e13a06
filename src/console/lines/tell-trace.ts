/**
 * Describes the recorded steps of a login: six steps in order, and the rule that decided. A rule that did not apply to
 * this login is described so, and never counts as a "yes". Pure.
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
  /** `none`: the login did not reach the step, or the step checked nothing. */
  readonly verdict: 'yes' | 'no' | 'asks' | 'none';
  /** Why the step has no lines; '' if it has some. */
  readonly note: string;
  readonly lines: readonly ToldLine[];
}

const VERDICTS = { pass: 'yes', refuse: 'no', ask: 'asks' } as const;

/**
 * Describes one line. A rule without words of its own gets those of the refusal with the same name, otherwise its name.
 */
export function tellRule({ stage, rule, answer, evidence = {} }: TraceLine): Said {
  const words = RULE_WORDS[`${stage}.${rule}:${answer}`] ?? RULE_WORDS[`${stage}.${rule}`];
  const name = findRefusal(`${stage}.${rule}`)?.short ?? rule.replaceAll('_', ' ');
  const said = typeof words === 'function' ? words(evidence) : (words ?? fillNames(`${name}.`, {}));
  return typeof said === 'string' ? { says: said, verdict: VERDICTS[answer] } : said;
}

/** Returns the line that decided: the one that refused; for an accepted login, the last line of the step "admit". */
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

/** Describes the six steps of a login. `isRefused`: whether the login was refused. */
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

/** Describes the steps of the login in a log line; undefined if the line has none. */
export function traceOf({ details, type }: LogLine): readonly ToldStep[] | undefined {
  return details?.trace === undefined ? undefined : tellTrace(details.trace, type !== 's');
}
