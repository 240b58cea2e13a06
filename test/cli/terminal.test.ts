/** Tables at a given width, and text that cannot take over a terminal. */
import { describe, expect, test } from 'vitest';
import { createPaint, formatTable, printJson, toPrintable, toTerminalLine, wrap } from '../../src/terminal/lines.js';

describe('formatTable', () => {
  test('case=columns line up and the last one wraps under itself', () => {
    expect(
      formatTable(
        ['A', 'LAST'],
        [
          ['one', 'aaaa bbbb cccc dddd eeee'],
          ['x', ''],
        ],
        25,
      ).map((line) => toTerminalLine(line, false)),
    ).toEqual(['A    LAST', 'one  aaaa bbbb cccc dddd', '     eeee', 'x']);
  });

  test('case=a cell moves no cursor and colours nothing', () => {
    expect(formatTable(['A'], [['\u001b[2Jx']], 80).at(-1)).toBe('\u00b7[2Jx');
  });

  test('case=colour does not count as width', () => {
    const paint = createPaint(true);
    const lines = formatTable(
      ['A', 'B'],
      [
        ['one', 'z'],
        ['x', 'z'],
      ],
      80,
      (text) => paint(text, 'red'),
    );
    expect(toTerminalLine(lines.at(-1) ?? '', true)).toBe('\u001b[31mx  \u001b[0m  z');
    expect(toTerminalLine(lines.at(-1) ?? '', false)).toBe('x    z');
  });
});

test('case=a word longer than the width is cut, nothing is lost', () => {
  expect(wrap('ab abcdefghij', 4)).toEqual(['ab', 'abcd', 'efgh', 'ij']);
});

test.each(['\u001b[31m', '\u0007', '\u009b2J', '\u202e', '\u2028', '\r', '\u200f'])(
  'case=%j is made harmless',
  (text) => {
    expect(toPrintable(`a${text}b`)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  },
);

test('case=a line has the colours of this program and no other control', () => {
  const hostile = 'a\u001b[2J\u009b31m\n\r\u202eb\ufdd1c';
  expect(toTerminalLine(hostile, false)).toBe('a·[2J·31m···bc');
  expect(toTerminalLine(hostile, true)).toBe('a·[2J·31m···b\u001b[31mc\u001b[0m');
});

test('case=json has the same value and no control', () => {
  const value = { name: 'a\u001b\u009b2J\u2028\u202e\ufdd1\u{e0001}\n', list: ['ä', '日本'] };
  for (const layout of ['line', 'indented'] as const) {
    const lines: string[] = [];
    printJson({ out: (line) => lines.push(line) }, value, layout);
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(lines.join('')).toContain('日本');
    expect(JSON.parse(lines.join('\n'))).toEqual(value);
  }
});

test('case=without colour there is no escape code', () => {
  expect(createPaint(false)('x', 'red')).toBe('x');
});
