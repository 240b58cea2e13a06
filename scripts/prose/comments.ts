/** Finds the comments of a TypeScript file. Works on text, opens no file. */
import ts from 'typescript';

/** Returns the ranges of all comments, in order. `from` and `to` are offsets into the text. */
function listComments(text: string, path: string): readonly ts.CommentRange[] {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, kind);
  const found = new Map<number, ts.CommentRange>();
  const add = (ranges: readonly ts.CommentRange[] | undefined): void => {
    for (const range of ranges ?? []) found.set(range.pos, range);
  };
  const texts: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.JsxText) texts.push(node);
    add(ts.getLeadingCommentRanges(text, node.pos));
    add(ts.getTrailingCommentRanges(text, node.end));
    for (const child of node.getChildren(tree)) visit(child);
  };
  visit(tree);
  // Text between tags of JSX is no comment, even if it begins with two slashes.
  const isText = ({ pos }: ts.CommentRange): boolean => texts.some((node) => pos >= node.pos && pos < node.end);
  return [...found.values()].filter((range) => !isText(range)).sort((a, b) => a.pos - b.pos);
}

/**
 * Returns the text with everything except comments replaced by spaces, so that lines and columns stay the same.
 * Replaces marks of comments and quoted code (`…`) as well.
 */
export function keepComments(text: string, path: string): string {
  const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
  let kept = '';
  let at = 0;
  for (const { pos, end } of listComments(text, path)) {
    const comment = text
      .slice(pos, end)
      .replace(/^\/\*+|\*+\/$|^\/\/+|^\s*\*(?!\/)/gm, blank)
      .replace(/`[^`\n]*`|\{@link [^}]*\}/g, blank);
    kept += blank(text.slice(at, pos)) + comment;
    at = end;
  }
  return kept + blank(text.slice(at));
}
