/** Reads the sources as syntax trees, for the tests that judge the code itself. Parses only, never type-checks. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** Path from the root of the project, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

/** All `.ts` and `.tsx` files below `folder`, by path. */
export function readSources(folder: string): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.tsx?$/.test(entry.name))
    .map((entry) => {
      const absolute = join(entry.parentPath, entry.name);
      const text = readFileSync(absolute, 'utf8');
      const tree = ts.createSourceFile(absolute, text, ts.ScriptTarget.ES2023, true);
      return { path: relative(root, absolute).replaceAll('\\', '/'), text, tree };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The files of a folder of the project, by path. */
export function listFiles(folder: string): readonly string[] {
  return readdirSync(join(root, folder))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** The text of a file of the project. */
export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Calls `see` for every node of the tree, parents first. */
export function walk(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => walk(child, see));
}

/** `src/login/4-admit.ts:12`, which editors and terminals open. */
export function placeOf(file: SourceFile, node: ts.Node): string {
  return `${file.path}:${file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line + 1}`;
}

function linesBetween(file: SourceFile, node: ts.Node): number {
  const first = file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line;
  return file.tree.getLineAndCharacterOfPosition(node.getEnd()).line - first + 1;
}

function isFunction(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isGetAccessor(node) ||
    ts.isSetAccessor(node)
  );
}

export interface FunctionLength {
  readonly place: string;
  readonly lines: number;
}

/**
 * The functions of a file that are longer than one line, each with its whole length: a factory is as long as everything in it, since
 * that is how much has to be read at once.
 */
export function measureFunctions(file: SourceFile): readonly FunctionLength[] {
  const found: FunctionLength[] = [];
  walk(file.tree, (node) => {
    if (!isFunction(node) || node.body === undefined) return;
    const lines = linesBetween(file, node);
    if (lines > 1) found.push({ place: placeOf(file, node), lines });
  });
  return found;
}
