/** Text read once, without patterns. */
import { expect, test } from 'vitest';
import { joinLines, trimEnding } from '../../src/kernel/text.js';

const isSlash = (character: string) => character === '/';

test.each([
  ['https://a.example///', 'https://a.example'],
  ['https://a.example/b', 'https://a.example/b'],
  ['///', ''],
  ['', ''],
])('the end of %j without slashes is %j', (text, expected) => {
  expect(trimEnding(text, isSlash)).toBe(expected);
});

test('a text of nothing but what is unwanted is empty, also where everything but one letter is', () => {
  expect(trimEnding('!?!', (character) => character !== 'a')).toBe('');
});

test('looks at each character at the end once, and at no other', () => {
  let seen = 0;
  const slashes = `a${'/'.repeat(40_000)}b`;
  trimEnding(`${slashes}${'/'.repeat(10)}`, (character) => {
    seen += 1;
    return isSlash(character);
  });
  expect(seen).toBe(11);
});

test.each([
  ['one', 'one'],
  ['  one  \n\n\t two\r\nthree ', 'one two three'],
  ['\n', ''],
])('%j on one line is %j', (text, expected) => {
  expect(joinLines(text)).toBe(expected);
});
