/**
 * Lints the code of Actions: parses it, runs every rule, and returns each mistake with place, reason and remedy. Never
 * executes the code, never throws because of it, and reports nothing uncertain.
 */
import type { Finding } from '../domain/actions/action-finding.js';
import { CATALOG, docsOf } from './catalog.js';
import { createContext, type LintedAction, type Report, type Rule } from './context.js';
import { parseProgram, type SyntaxProblem } from './parse-program.js';
import { checkApiMethods } from './rules/api-methods.js';
import { checkCleanUp } from './rules/clean-up.js';
import { checkCosts } from './rules/costs.js';
import { checkDenials } from './rules/denials.js';
import { checkEvent } from './rules/event.js';
import { checkExports } from './rules/exports.js';
import { checkFactors } from './rules/factors.js';
import { checkFailures } from './rules/failures.js';
import { checkLoops } from './rules/loops.js';
import { checkPackages } from './rules/packages.js';
import { checkPromises } from './rules/promises.js';
import { checkSdkMethods } from './rules/sdk-methods.js';
import { checkSecrets } from './rules/secrets.js';
import { TooCostly } from './tree.js';

const RULES: readonly Rule[] = [
  checkExports,
  checkPackages,
  checkSdkMethods,
  checkApiMethods,
  checkFactors,
  checkDenials,
  checkPromises,
  checkFailures,
  checkCleanUp,
  checkSecrets,
  checkLoops,
  checkEvent,
  checkCosts,
];

/** Maximum number of findings: nobody reads more, and an answer of the Management API has to stay small. */
const MAX_FINDINGS = 100;

function toFinding({ id, node, message, fix }: Report): Finding {
  const { severity, why } = CATALOG[id];
  const line = node.loc?.start.line ?? 1;
  const column = (node.loc?.start.column ?? 0) + 1;
  return { id, severity, line, column, message, why, fix, docs: docsOf(id) };
}

function toSyntaxFinding({ message, line, column }: SyntaxProblem): Finding {
  const { severity, why } = CATALOG['syntax-error'];
  const isModule = message.startsWith('An Action is a CommonJS module');
  const fix = isModule
    ? "Load packages with const { ManagementClient } = require('auth0'), and write exports.onExecutePostLogin = async (event, api) => { … }."
    : `Mend line ${line} at column ${column}: the code before it reads well.`;
  return { id: 'syntax-error', severity, line, column, message: `${message}.`, why, fix, docs: docsOf('syntax-error') };
}

/** Returns the mistakes in the code of an Action, by line, at most 100. Never throws. */
export function lintAction(source: LintedAction): readonly Finding[] {
  const parsed = parseProgram(source.code);
  if (!parsed.ok) return [toSyntaxFinding(parsed.error)];
  try {
    const context = createContext(source, parsed.program);
    return RULES.flatMap((rule) => [...rule(context)])
      .map(toFinding)
      .sort((a, b) => a.line - b.line || a.column - b.column || (a.id < b.id ? -1 : 1))
      .slice(0, MAX_FINDINGS);
  } catch (error) {
    if (error instanceof TooCostly) {
      return [toSyntaxFinding({ message: 'The code is too large or too nested to be judged', line: 1, column: 1 })];
    }
    // The code is nested deeper than the walker's stack allows (see parse-program.ts).
    if (error instanceof RangeError) {
      return [toSyntaxFinding({ message: 'The code is nested too deeply to be read', line: 1, column: 1 })];
    }
    throw error;
  }
}
