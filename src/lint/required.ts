/**
 * Lists the names that code passes to `require`, for a check before it is published. Never executes the code and never
 * throws.
 */
import { parseProgram } from './parse-program.js';
import { Tree } from './tree.js';
import { pathOf, Values } from './values.js';

export interface RequiredName {
  readonly name: string;
  /** Line and column, both from 1. */
  readonly line: number;
  readonly column: number;
}

/**
 * Lists the module names that the code passes to `require` as a constant text, in source order. Computed names are left
 * out. Empty if the code cannot be parsed.
 */
export function listRequired(code: string): readonly RequiredName[] {
  const parsed = parseProgram(code);
  if (!parsed.ok) return [];
  try {
    const tree = new Tree(parsed.program, code);
    const values = new Values(tree, () => undefined);
    const found: RequiredName[] = [];
    for (const node of tree.ofType('CallExpression')) {
      const callee = values.of(node.callee);
      if (callee?.kind !== 'global' || pathOf(callee) !== 'require') continue;
      const name = values.findText(node.arguments[0]);
      const { line = 1, column = 0 } = node.loc?.start ?? {};
      if (name !== undefined) found.push({ name, line, column: column + 1 });
    }
    return found;
  } catch (error) {
    // The code is nested deeper than the walker's stack allows (see parse-program.ts).
    if (error instanceof RangeError) return [];
    throw error;
  }
}
