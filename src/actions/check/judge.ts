/**
 * Lints the code of an Action or a module: finds defects that prevent a deployment, and warnings. Pure. Some code takes
 * long to lint, so a server calls this in a thread of its own (check-thread.ts). Never executes the code.
 */
import { TRIGGERS, type TriggerId } from '../../domain/actions/action.js';
import { lintAction, listRequired, type ParsedAction, parseAction } from '../../lint/index.js';
import type { ActionCheck, ActionDefect, CheckedSource } from '../../ports/action-check.js';

export type LintQuestion =
  | { readonly kind: 'action'; readonly source: CheckedSource }
  | { readonly kind: 'module'; readonly code: string };

/** How many exports an error message names at most. */
const NAMED = 10;

function toUnreadable({ error }: Extract<ParsedAction, { ok: false }>): ActionDefect {
  const { message, line, column } = error;
  return { kind: 'code', message: `The code cannot be read: ${message}`, line, column };
}

function findCodeDefect(parsed: ParsedAction, trigger: TriggerId): ActionDefect | undefined {
  if (!parsed.ok) return toUnreadable(parsed);
  const { handler } = TRIGGERS[trigger];
  const [first] = parsed.handlers;
  if (parsed.mayExportMore || parsed.handlers.some(({ name }) => name === handler)) return undefined;
  const names = [...new Set(parsed.handlers.map(({ name }) => name))];
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  const instead = first === undefined ? 'nothing' : `${names.slice(0, NAMED).join(', ')}${more}`;
  return {
    kind: 'code',
    message: `The trigger ${trigger} calls exports.${handler}, and the code exports ${instead}`,
    line: first?.line ?? 1,
    column: first?.column ?? 1,
  };
}

/** Returns the defect that prevents the deployment of an Action. If there is none, returns the linter's warnings. */
export function judgeAction(source: CheckedSource): ActionCheck {
  const defect = findCodeDefect(parseAction(source.code), source.trigger);
  return defect === undefined ? { errors: [], warnings: lintAction(source) } : { errors: [defect], warnings: [] };
}

/** Returns the defects of a module's code. A module has no trigger and no handler, so no linter rule applies. */
export function judgeModule(code: string): ActionCheck {
  const parsed = parseAction(code);
  if (!parsed.ok) return { errors: [toUnreadable(parsed)], warnings: [] };
  const nested = listRequired(code).filter(({ name }) => name.startsWith('actions:'));
  const errors = nested.map(
    ({ name, line, column }): ActionDefect => ({
      kind: 'module',
      message: `A module cannot require another module: ${name}`,
      line,
      column,
    }),
  );
  return { errors, warnings: [] };
}
