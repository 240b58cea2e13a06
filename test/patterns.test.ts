// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** The check of regular expressions (scripts/patterns.ts): what it finds in a source, and what it takes for dangerous. */
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { findPatterns, findSchemaPatterns } from '../scripts/patterns/find-patterns.js';
import { findDanger } from '../scripts/patterns/judge.js';

function find(text: string, path = 'src/x.ts') {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const { patterns, unknown } = findPatterns({
    path,
    text,
    tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, kind),
  });
  return { patterns: patterns.map(({ source, flags }) => `/${source}/${flags}`), unknown };
}

describe('finds', () => {
  test.each([
    ['a literal', String.raw`const x = text.replace(/\/+$/, '');`, [String.raw`/\/+$/`]],
    ['several', 'f(/a/g, /b/u)', ['/a/g', '/b/u']],
    ['one in a default', 'function f(by = /a/y) {}', ['/a/y']],
    ['new RegExp with a text', "new RegExp('a+$', 'i')", ['/a+$/i']],
    ['RegExp without new', 'RegExp(`a`)', ['/a/']],
    ['a text for match', "text.match('a+$')", ['/a+$/']],
    ['a text for search', "text.search('a+$')", ['/a+$/']],
    ['the pattern of a schema', "const schema = { type: 'string', pattern: '^a+$' }", ['/^a+$/u']],
    ['a division, and takes it for none', 'const x = a / b / c;', []],
  ])('%s', (_name, text, expected) => {
    expect(find(text)).toEqual({ patterns: expected, unknown: [] });
  });

  test('a literal in a page', () => {
    expect(find('const page = <p title={text.replace(/a+$/, "")}>x</p>;', 'src/x.tsx').patterns).toEqual(['/a+$/']);
  });

  test('the pattern of a JSON schema at any depth', () => {
    expect(findSchemaPatterns('x.json', '{"a":[{"properties":{"pattern":{"pattern":"^x$"}}}]}')).toEqual([
      { source: '^x$', flags: 'u', place: 'x.json' },
    ]);
  });
});

describe('cannot judge, and says so', () => {
  test.each([
    ['what is put together', 'const x = new RegExp(`^${name}$`);'],
    ['what comes in', 'const x = (by: string) => new RegExp(by);'],
    ['flags that come in', "const x = (flags: string) => new RegExp('a', flags);"],
    ['by another name of the global', 'const x = globalThis.RegExp(by);'],
    ['a copy of what is bound anew', 'let by = /a/; by = other; const x = new RegExp(by);'],
  ])('%s', (_name, text) => {
    expect(find(text).unknown).toEqual(['src/x.ts:1']);
  });

  test('but a copy of a literal of the file is judged with the literal', () => {
    expect(find('const WORD = /a/y; const x = new RegExp(WORD);')).toEqual({ patterns: ['/a/y'], unknown: [] });
  });
});

describe('takes for dangerous', () => {
  test.each([
    ['the ending of an issuer', String.raw`\/+$`, '', 'polynomial'],
    ['blanks around a line break', String.raw`\s*\n\s*`, 'g', 'polynomial'],
    ['a repetition of repetitions', '^(a+)+$', '', 'exponential'],
    ['two ways to the same', '^(a|a)*$', '', 'exponential'],
    ['a back-reference', String.raw`(a+)\1+$`, '', 'polynomial'],
  ])('%s', (_name, source, flags, expected) => {
    expect(findDanger({ source, flags })).toContain(expected);
  });

  test.each([
    ['an anchored class', '^[a-z0-9-]+$', 'i'],
    ['parts that cannot stand for each other', String.raw`^\S+\s+\S+$`, ''],
    ['one character', '[\\0-\\x1f]', 'g'],
  ])('not %s', (_name, source, flags) => {
    expect(findDanger({ source, flags })).toBeUndefined();
  });
});
