/** Colors of branding, to the digit: what is one, which shade can be read, and which ink goes on a ground. */
import { describe, expect, test } from 'vitest';
import {
  accentFor,
  contrastRatio,
  type HexColor,
  inkOn,
  isGrey,
  parseColor,
  readableOn,
  type SchemeColors,
} from '../../src/domain/look/color.js';

describe('a color', () => {
  test.each([
    ['#0f766e', '#0f766e'],
    ['#0F766E', '#0f766e'],
    ['#1aF', '#11aaff'],
  ])('%s is %s', (text, color) => expect(parseColor(text)).toBe(color));

  test.each([
    undefined,
    '',
    'red',
    '#ab',
    '#abcd',
    '#abcdef0',
    '#abcdeg',
    '#ggg',
    'x#abc',
    'x#aabbcc',
    '#abc;',
    '#aabbcc;}body{background:url(//evil.example)',
  ])('%j is none', (text) => expect(parseColor(text)).toBeUndefined());
});

describe('contrast (WCAG 2.2)', () => {
  // Red, green and blue weigh differently; below 10 of 255 the curve is a straight line.
  test.each<[HexColor, HexColor, number]>([
    ['#ffffff', '#000000', 21],
    ['#000000', '#ffffff', 21],
    ['#ff0000', '#000000', 5.252],
    ['#00ff00', '#000000', 15.304],
    ['#0000ff', '#000000', 2.444],
    ['#777777', '#ffffff', 4.4781],
    ['#0a0a0a', '#000000', 1.0607],
    ['#0b0b0b', '#000000', 1.0669],
    ['#336699', '#336699', 1],
  ])('of %s and %s is %d', (a, b, ratio) => expect(contrastRatio(a, b)).toBeCloseTo(ratio, 3));
});

test.each<[HexColor, boolean]>([
  ['#000000', true],
  ['#ffffff', true],
  ['#111827', true],
  ['#203f20', true],
  ['#204020', false],
  ['#ff0000', false],
])('%s is a grey: %s', (color, grey) => expect(isGrey(color)).toBe(grey));

describe('the nearest shade that can be read', () => {
  test.each<[HexColor, HexColor, HexColor, string]>([
    ['#0f766e', '#ffffff', '#0f766e', 'is the color itself where it can be'],
    ['#767676', '#ffffff', '#767676', 'is the color itself where it just can be'],
    ['#777777', '#ffffff', '#757575', 'is one step darker where it just cannot be'],
    ['#fde047', '#ffffff', '#847425', 'is darker on a light surface'],
    ['#1e1b8b', '#000000', '#6f6db5', 'is lighter on a dark surface'],
    ['#3366cc', '#222222', '#6088d7', 'is lighter on a dark grey'],
    ['#888888', '#757575', '#fdfdfd', 'is lighter on a grey on which black cannot be read'],
    ['#888888', '#767676', '#030303', 'is darker on a grey on which white cannot be read so well'],
  ])('of %s on %s: %s %s', (color, surface, shade) => expect(readableOn(color, surface)).toBe(shade));

  test('is black or white where no shade has the contrast that is asked for', () => {
    expect(readableOn('#808080', '#ffffff', 21)).toBe('#000000');
    expect(readableOn('#808080', '#000000', 21)).toBe('#ffffff');
    expect(readableOn('#808080', '#808080', 21)).toBe('#000000');
  });

  test('has at least the contrast that is asked for: just that is enough', () => {
    const of = (color: HexColor) => contrastRatio(color, '#ffffff');
    expect(readableOn('#777777', '#ffffff', of('#777777'))).toBe('#777777');
    expect(readableOn('#777777', '#ffffff', of('#757575'))).toBe('#757575');
  });

  test('has the contrast that is asked for, where that is another than for text', () => {
    expect(readableOn('#949494', '#ffffff', 3)).toBe('#949494');
    expect(readableOn('#949494', '#ffffff')).not.toBe('#949494');
  });
});

test.each<[HexColor, HexColor]>([
  ['#000000', '#ffffff'],
  ['#757575', '#ffffff'],
  ['#767676', '#000000'],
  ['#ff0000', '#000000'],
  ['#ffffff', '#000000'],
])('on %s the ink is %s', (ground, ink) => expect(inkOn(ground)).toBe(ink));

describe('the accent of a scheme', () => {
  const light: SchemeColors = { surface: '#ffffff', text: '#1a1a1a', accent: '#0f766e' };
  test.each([
    [undefined, light.accent, 'its own where the brand has none'],
    ['red', light.accent, 'its own where the brand has something that is no color'],
    ['#fff', light.text, 'its text color for a black-and-white brand'],
    ['#0f766e', '#0f766e', 'the color of the brand'],
    ['#fde047', '#847425', 'a darker shade of a pale one'],
  ])('for %s is %s: %s', (primary, accent, _why) => expect(accentFor(light, primary)).toBe(accent));
});
