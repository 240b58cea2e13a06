/**
 * Parses the code of an Action to a syntax tree, by acorn. An Action is a CommonJS module in the language of the Node
 * release that runs it. Never executes the code, and no code makes it throw.
 */
import { type Comment, type Position, type Program, parse } from 'acorn';

/** The ECMAScript version that Node 20 supports. Newer syntax would pass here and fail when the Action is loaded. */
const ECMASCRIPT = 2024;

export interface SyntaxProblem {
  readonly message: string;
  /** Line and column, both from 1. */
  readonly line: number;
  readonly column: number;
}

export type Parsed =
  | { readonly ok: true; readonly program: Program; readonly comments: readonly Comment[] }
  | { readonly ok: false; readonly error: SyntaxProblem };

interface AcornError extends Error {
  readonly loc: Position;
}

function isAcornError(error: unknown): error is AcornError {
  return error instanceof SyntaxError && 'loc' in error;
}

const TOO_DEEP: SyntaxProblem = { message: 'The code is nested too deeply to be read', line: 1, column: 1 };

function parsesAsModule(code: string): boolean {
  try {
    parse(code, { ecmaVersion: ECMASCRIPT, sourceType: 'module' });
    return true;
  } catch {
    return false;
  }
}

function toProblem(error: AcornError, code: string): SyntaxProblem {
  // Removes the place that acorn appends to its messages: line and column are reported separately.
  const message = error.message.slice(0, error.message.lastIndexOf(' ('));
  // acorn limits its own depth before the stack is exhausted.
  if (message.startsWith('Not enough stack')) return TOO_DEEP;
  const place = { line: error.loc.line, column: error.loc.column + 1 };
  if (!parsesAsModule(code)) return { message, ...place };
  return {
    message: 'An Action is a CommonJS module: it has no import, export or await outside of functions',
    ...place,
  };
}

/** Parses `code`. Returns the error and its place when it is not JavaScript; never throws. */
export function parseProgram(code: string): Parsed {
  const comments: Comment[] = [];
  try {
    const program = parse(code, {
      ecmaVersion: ECMASCRIPT,
      sourceType: 'commonjs',
      locations: true,
      allowHashBang: true,
      onComment: comments,
    });
    return { ok: true, program, comments };
  } catch (error) {
    if (isAcornError(error)) return { ok: false, error: toProblem(error, code) };
    // Ten thousand brackets exhaust the parser's stack: that is bad input, not a fault.
    if (error instanceof RangeError) return { ok: false, error: TOO_DEEP };
    throw error;
  }
}
