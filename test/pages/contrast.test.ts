/** Colors of branding: strict, and readable in both schemes whatever was chosen. */

import { describe, expect, it } from 'vitest';
import { accentFor, contrastRatio, inkOn, parseColor, readableOn } from '../../src/domain/look/color.js';
import { DARK, LIGHT, markColors } from '../../src/http/pages/views/contrast.js';
import { styleSheet } from '../../src/http/pages/views/styles.js';
import fc from '../support/random.js';

const anyColor = fc
  .integer({ min: 0, max: 0xffffff })
  .map((bits) => `#${bits.toString(16).padStart(6, '0')}` as `#${string}`);

describe('contrast', () => {
  it('is computed as WCAG has it', () => {
    expect(contrastRatio('#ffffff', '#000000')).toBeCloseTo(21, 5);
    expect(contrastRatio('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    expect(contrastRatio('#ff0000', '#ffffff')).toBeCloseTo(4, 1);
  });

  it.each([
    ['light', LIGHT],
    ['dark', DARK],
  ] as const)('every text color of the %s scheme has 4.5:1, the line of a field 3:1', (_, scheme) => {
    for (const name of ['text', 'muted', 'accent', 'danger'] as const) {
      expect(contrastRatio(scheme[name], scheme.surface), name).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrastRatio(scheme.line, scheme.surface)).toBeGreaterThanOrEqual(3);
  });

  it('any brand color gives an accent of 4.5:1 in both schemes', () => {
    fc.assert(
      fc.property(anyColor, (color) => {
        for (const scheme of [LIGHT, DARK]) {
          expect(contrastRatio(accentFor(scheme, color), scheme.surface)).toBeGreaterThanOrEqual(4.5);
        }
      }),
    );
  });

  it('any brand color gives a readable initial', () => {
    fc.assert(fc.property(anyColor, (color) => contrastRatio(inkOn(color), color) >= 4.5));
  });

  it('keeps a color that is readable already, darkens a pale one, lightens a dark one', () => {
    expect(readableOn('#0f766e', '#ffffff')).toBe('#0f766e');
    expect(accentFor(LIGHT, '#fde047')).not.toBe('#fde047');
    expect(accentFor(DARK, '#fde047')).toBe('#fde047');
    expect(contrastRatio(accentFor(DARK, '#1e1b8b'), '#000000')).toBeGreaterThan(contrastRatio('#1e1b8b', '#000000'));
  });

  it('a black or white brand takes the text color', () => {
    expect(accentFor(LIGHT, '#ffffff')).toBe(LIGHT.text);
    expect(accentFor(DARK, '#000')).toBe(DARK.text);
  });
});

describe('branding is parsed strictly', () => {
  it.each(['#fff', '#ABCDEF'])('takes %s', (text) => expect(parseColor(text)).toMatch(/^#[0-9a-f]{6}$/));

  it.each([
    'red',
    '#ffff',
    '#fffffg',
    '#fff;}body{background:url(//evil.example)',
    '#ffffff\n}',
    'url(https://evil.example)',
    '</style><script>alert(1)</script>',
    ' #ffffff',
    '',
  ])('refuses %j and falls back', (text) => {
    expect(parseColor(text)).toBeUndefined();
    expect(accentFor(LIGHT, text)).toBe(LIGHT.accent);
    expect(markColors(text)).toBeUndefined();
    const plain = styleSheet({ title: 'Acme' }, []);
    expect(styleSheet({ title: 'Acme', primaryColor: text, pageBackground: text }, [text])).toBe(plain);
  });
});
