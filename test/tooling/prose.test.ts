/** The prose check finds what it is for, and nothing in code; CONTRIBUTING.md shows its glossary. */
import type { TextlintRuleModule } from '@textlint/kernel';
import { describe, expect, test } from 'vitest';
import { keepComments } from '../../scripts/prose/comments.js';
import { GLOSSARY } from '../../scripts/prose/glossary.js';
import { judge } from '../../scripts/prose/judge.js';
import { cells, glossary, lines, sentences } from '../../scripts/prose/rules.js';
import { readText } from '../support/source-files.js';

async function findIn(text: string, rule: TextlintRuleModule): Promise<readonly string[]> {
  return (await judge(text, '.md', { rule })).map(({ line, message }) => `${line}: ${message}`);
}

describe('the glossary', () => {
  test.each([
    ['A session ends after an hour.', 'expire'],
    ['Removing a member ends all sessions.', 'revoke'],
    ['The defect is mended.', 'fix'],
    ['Each deed is logged.', 'action'],
    ['The name stands in the log.', 'is, is stored'],
    ['Counts what waits.', 'pending'],
    ['Any name is taken.', 'accepted'],
    ['Whoever has the link may use it.', 'everybody who'],
  ])('%s', async (text, term) => {
    expect(await findIn(text, glossary)).toEqual([expect.stringContaining(term)]);
  });

  test.each([
    'The value is taken from the row.',
    'The list ends with a comma.',
    'Code is left alone: `deed`, and [a link](https://deed.example/mend).',
  ])('%s has no finding', async (text) => {
    expect(await findIn(text, glossary)).toEqual([]);
  });

  test('CONTRIBUTING.md shows each term', () => {
    const shown = readText('CONTRIBUTING.md');
    const missing = GLOSSARY.map(({ term, means, instead }) => `| ${term} | ${means} | \`${instead}\` |`).filter(
      (row) => !shown.includes(row),
    );
    expect(missing).toEqual([]);
  });
});

describe('lengths', () => {
  const long = (words: number) => `${'word '.repeat(words).trim()}.`;

  test('a page of long sentences', async () => {
    expect(await findIn(`${long(40)} ${long(12)}`, sentences)).toEqual([expect.stringContaining('26.0 words')]);
    expect(await findIn(`${long(36)} ${long(12)}`, sentences)).toEqual([]);
  });

  test('a long line, and a long row of a table', async () => {
    const row = `| ${'x'.repeat(150)} | ${'y'.repeat(150)} |`;
    expect(await findIn(`a\n${'b'.repeat(201)}\n\n| h | i |\n|---|---|\n${row}`, lines)).toEqual([
      expect.stringMatching(/^2: a line of 201/),
    ]);
  });

  test('a long cell', async () => {
    expect(await findIn(`| h |\n|---|\n| ${'y'.repeat(161)} |`, cells)).toEqual([expect.stringContaining('161')]);
    expect(await findIn(`| h |\n|---|\n| ${'y'.repeat(160)} |`, cells)).toEqual([]);
  });
});

describe('comments', () => {
  test('keep their lines and columns; code, texts and quoted code become spaces', () => {
    const text = "/** One `code`. */\nconst a = 'no // comment'; // two\n/*\n * three\n */\n";
    const kept = keepComments(text, 'x.ts');
    expect(kept.length).toBe(text.length);
    expect(kept.split('\n').map((line) => line.trim())).toEqual(['One       .', 'two', '', 'three', '', '']);
    expect(kept.indexOf('two')).toBe(text.indexOf('two'));
  });

  test('text between tags is no comment', () => {
    expect(keepComments('const a = <p>// deed</p>;', 'x.tsx').trim()).toBe('');
  });
});
