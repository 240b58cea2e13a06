/**
 * Plays a history against model and server side by side and compares after every step: what the outside saw, and what is stored.
 * The first difference ends it.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Action, History } from './actions.js';
import { ask, type Question, questionBefore, type Told, untrue } from './explained.js';
import { apply, initialState, observe } from './model.js';
import { Real } from './real.js';
import type { Outcome, State } from './state.js';
import type { World } from './world.js';

/** A step after which model and server disagree. */
export class Difference extends Error {
  constructor(
    readonly step: number,
    readonly action: Action | undefined,
    differences: readonly string[],
  ) {
    super(`step ${step}: ${JSON.stringify(action)}\n${differences.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'Difference';
  }
}

type Observed = ReturnType<typeof observe>;

function compare(model: Observed, server: Observed): string[] {
  return (Object.keys(model) as (keyof Observed)[]).flatMap((key) => {
    if (isDeepStrictEqual(model[key], server[key])) return [];
    const missing = model[key].filter((item) => !server[key].includes(item));
    const extra = server[key].filter((item) => !model[key].includes(item));
    return [
      `${key}: only the model ${missing.join(' ') || '(the same, more often)'}; only the server ${extra.join(' ')}`,
    ];
  });
}

const BY_MAIL: readonly string[] = ['send', 'send long ago', 'mail', 'mail old'];

export interface Played {
  readonly steps: number;
  /** How often each outcome was seen, by kind and rule or code. */
  readonly seen: Readonly<Record<string, number>>;
}

function labelOf(action: Action, outcome: Outcome): string {
  const isByMail = action.do === 'answer' && BY_MAIL.includes(action.how);
  return isByMail ? `${outcomeLabel(action, outcome)}: ${action.how}` : outcomeLabel(action, outcome);
}

function outcomeLabel(action: Action, outcome: Outcome): string {
  if (outcome.kind === 'admitted')
    return `admitted ${outcome.rule}${outcome.mfa ? ' with a factor' : ''}${outcome.factor ? `, ${outcome.factor}` : ''}`;
  if (outcome.kind === 'refused') return `refused ${outcome.code}`;
  if (outcome.kind === 'factor') return `factor ${outcome.ask}${outcome.again ? ' again' : ''} ${outcome.reason}`;
  return outcome.kind === 'done' || outcome.kind === 'rejected' ? `${outcome.kind} ${action.do}` : outcome.kind;
}

export interface PlayOptions {
  /** Called after each step that was compared. */
  readonly onStep?: (label: string) => void;
  /** Asks before each login what would happen, and compares with what then did; called after each that was compared. */
  readonly onExplained?: (question: Question, told: Told) => Promise<void> | void;
}

/** The model's outcome without what the outside does not see: why a page asks, and the trace of a sign-in without a line of its own. */
function asSeen(model: Outcome, server: Outcome | string): Outcome {
  if (model.kind === 'factor') {
    const { reason: _unseen, ...rest } = model;
    return rest;
  }
  if (model.kind !== 'admitted' || typeof server === 'string' || server.kind !== 'admitted') return model;
  const { factor, ...rest } = model;
  return 'factor' in server ? { ...rest, factor } : rest;
}

/** Plays all of it. Throws {@link Difference}. */
export async function playHistory(world: World, history: History, options: PlayOptions = {}): Promise<Played> {
  const real = new Real(world);
  await real.begin(history.tenant);
  let state: State = initialState(history.tenant);
  const start = compare(observe(state), await real.observe());
  if (start.length > 0) throw new Difference(0, undefined, start);
  const seen: Record<string, number> = {};
  let steps = 0;
  for (const [index, action] of history.actions.entries()) {
    const next = apply(state, action);
    if (next.outcome.kind !== 'nothing') {
      const question = options.onExplained && questionBefore(world, real.known, action, state);
      const told = question && (await ask(world, real.known, question));
      if (question && told) await options.onExplained?.(question, told);
      const outcome = await real.perform(action, state).catch((error: unknown) => `threw ${String(error)}`);
      const differences = compare(observe(next.state), await real.observe());
      if (!isDeepStrictEqual(outcome, asSeen(next.outcome, outcome)))
        differences.unshift(`model ${JSON.stringify(next.outcome)}; server ${JSON.stringify(outcome)}`);
      const untold = told && typeof outcome !== 'string' && untrue(told, next.outcome, state);
      if (untold) differences.unshift(untold);
      if (differences.length > 0) throw new Difference(index + 1, action, differences);
      steps += 1;
      const label = labelOf(action, next.outcome);
      seen[label] = (seen[label] ?? 0) + 1;
      options.onStep?.(label);
    }
    state = next.state;
  }
  return { steps, seen };
}
