/**
 * Checks whether the code of an Action can be loaded, and which handlers it exports, before it is created or deployed.
 */
import { findExports } from './exported.js';
import { parseProgram, type SyntaxProblem } from './parse-program.js';
import { Tree } from './tree.js';
import { Values } from './values.js';

export interface ExportedHandler {
  readonly name: string;
  /** Line and column, both from 1. */
  readonly line: number;
  readonly column: number;
}

export type ParsedAction =
  | {
      readonly ok: true;
      readonly handlers: readonly ExportedHandler[];
      /** True when the code may export more than can be seen without executing it (`module.exports = build()`). */
      readonly mayExportMore: boolean;
    }
  | { readonly ok: false; readonly error: SyntaxProblem };

/**
 * Parses the code of an Action. A syntax error is returned with its line and column, both from 1. Never executes the
 * code and never throws.
 */
export function parseAction(code: string): ParsedAction {
  const parsed = parseProgram(code);
  if (!parsed.ok) return parsed;
  try {
    const tree = new Tree(parsed.program, code);
    const { exported, isOpen } = findExports(tree, new Values(tree, () => undefined));
    const handlers = exported.map(({ name, node }) => ({
      name,
      line: node.loc?.start.line ?? 1,
      column: (node.loc?.start.column ?? 0) + 1,
    }));
    return { ok: true, handlers, mayExportMore: isOpen };
  } catch (error) {
    // The code is nested deeper than the walker's stack allows (see parse-program.ts).
    if (error instanceof RangeError) return { ok: true, handlers: [], mayExportMore: true };
    throw error;
  }
}
