/**
 * The theme of the tenant in the style sheet: with any values text is readable and sizes fit, and nothing of it gets into the sheet but
 * colors, numbers and one encoded address. The organization's branding wins over it.
 */

import { describe, expect, it } from 'vitest';
import { brandOf, type PageBrand } from '../../src/domain/look/brand.js';
import { contrastRatio, type HexColor } from '../../src/domain/look/color.js';
import { styleSheet } from '../../src/http/pages/views/styles.js';
import { shownColors } from '../../src/http/pages/views/theme.js';
import { type ThemeBody, toLook } from '../../src/management/branding/fields.js';
import fc from '../support/random.js';
import { DARK_THEME, THEME } from '../support/themes.js';

const ORIGIN = 'https://login.example';
const ORGANIZATION = {
  id: 'org_1',
  name: 'acme',
  displayName: 'Acme',
  branding: { logoUrl: undefined, primaryColor: undefined, pageBackground: undefined },
  blocked: false,
};

function themed(body: ThemeBody, own: Partial<(typeof ORGANIZATION)['branding']> = {}): PageBrand {
  const organization = { ...ORGANIZATION, branding: { ...ORGANIZATION.branding, ...own } };
  return brandOf({ organization, tenant: { friendlyName: 'T', look: toLook({}, body) } }, ORIGIN);
}

const sheetOf = (brand: PageBrand) => styleSheet(brand, []);

/** Every pair of text and ground that pages have. */
function pairsOf(brand: PageBrand): readonly (readonly [string, HexColor, HexColor])[] {
  if (brand.theme === undefined) throw new Error('no theme');
  const shown = shownColors(brand.theme);
  const { surface, panel, field, button, buttonHover } = shown;
  return [
    ...(['heading', 'text', 'muted', 'accent', 'danger', 'otherText'] as const).map(
      (name) => [name, shown[name], surface] as const,
    ),
    ...(['text', 'muted', 'accent', 'danger'] as const).map(
      (name) => [`${name} on a panel`, shown[name], panel] as const,
    ),
    ['in a field', shown.fieldText, field],
    ['"Show" in a field', shown.fieldAccent, field],
    ['on the button', shown.buttonText, button],
    ['on the button under the pointer', shown.buttonText, buttonHover],
  ];
}

const hex = (digits: number) => fc.array(fc.integer({ min: 0, max: 15 }), { minLength: digits, maxLength: digits });
const color = fc
  .constantFrom(3, 4, 6, 8)
  .chain(hex)
  .map((digits) => `#${digits.map((digit) => digit.toString(16)).join('')}`);
const anyTheme = fc
  .record({
    colors: fc.record(Object.fromEntries(Object.keys(THEME.colors).map((name) => [name, color]))),
    background: color,
    own: fc.option(
      color.filter((text) => text.length === 4 || text.length === 7),
      { nil: undefined },
    ),
  })
  .map(({ colors, background, own }) =>
    themed(
      { ...THEME, colors, page_background: { ...THEME.page_background, background_color: background } },
      { primaryColor: own as never },
    ),
  );

describe('with any theme', () => {
  it('text has a contrast of 4.5 to its background', () => {
    fc.assert(
      fc.property(anyTheme, (brand) => {
        for (const [name, text, ground] of pairsOf(brand))
          expect(contrastRatio(text, ground), `${name}: ${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }),
      { numRuns: 500 },
    );
  });

  it('the line of a field has a contrast of 3 to the card', () => {
    fc.assert(
      fc.property(anyTheme, ({ theme }) => {
        const { line, otherLine, surface } = shownColors(theme as NonNullable<typeof theme>);
        expect(contrastRatio(line, surface)).toBeGreaterThanOrEqual(3);
        expect(contrastRatio(otherLine, surface)).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: 300 },
    );
  });

  it.each([0, 150])('sizes of %i percent stay between 14 and 36 pixels', (size) => {
    const fonts = Object.fromEntries(
      Object.entries(THEME.fonts).map(([name, value]) => [
        name,
        typeof value === 'object' ? { ...value, size } : value,
      ]),
    ) as unknown as ThemeBody['fonts'];
    const rules = sheetOf(themed({ ...THEME, fonts: { ...fonts, reference_text_size: 24 } }));
    const sizes = [...rules.slice(rules.indexOf('h1,.long h1')).matchAll(/font-size:(\d+)px/g)].map(([, px]) =>
      Number(px),
    );
    expect(sizes.length).toBeGreaterThanOrEqual(6);
    for (const px of sizes) expect([px >= 14, px <= 36]).toEqual([true, true]);
  });
});

it('a good theme is shown as it is', () => {
  expect(shownColors(themed(DARK_THEME).theme as never)).toMatchObject({
    surface: '#1a1f2e',
    text: '#e8eaf0',
    accent: '#7ee0c3',
    button: '#7ee0c3',
    buttonText: '#06231b',
    field: '#10131c',
  });
  const rules = sheetOf(themed(DARK_THEME));
  expect(rules).toContain('color-scheme:dark;--surface:#1a1f2e');
  expect(rules).toContain('body{background:#0b0e16;justify-items:end}');
  expect(sheetOf(themed(THEME))).toContain('color-scheme:light;--surface:#ffffff');
});

it("the organization's colors win over the theme, the theme's over the tenant's branding", () => {
  const branding = { logo_url: 'https://t.example/l.png', colors: { primary: '#123456', page_background: '#654321' } };
  const tenant = { friendlyName: 'T', look: toLook(branding, null) };
  expect(brandOf({ tenant }, ORIGIN)).toEqual({
    title: 'T',
    logoUrl: 'https://t.example/l.png',
    primaryColor: '#123456',
    pageBackground: '#654321',
  });
  const both = { friendlyName: 'T', look: toLook(branding, THEME) };
  expect(brandOf({ tenant: both }, ORIGIN)).toMatchObject({ primaryColor: '#635dff', pageBackground: '#000000' });
  const own = themed(THEME, { primaryColor: '#b91c1c' as never, pageBackground: '#fef2f2' as never });
  expect(own).toMatchObject({ primaryColor: '#b91c1c', pageBackground: '#fef2f2' });
  expect(shownColors(own.theme as never)).toMatchObject({
    button: '#b91c1c',
    accent: '#b91c1c',
    buttonText: '#ffffff',
  });
  expect(sheetOf(own)).toContain('body{background:#fef2f2;');
});

it('nothing of a theme ends a rule or the sheet', () => {
  const evil = '#fff;}body{background:url(//evil.example)}</style><script>';
  const colors = Object.fromEntries(Object.keys(THEME.colors).map((name) => [name, evil]));
  const image = `https://cdn.example/a.png?x=");}body{display:none}</style><script>'(\\`;
  const page_background = { ...THEME.page_background, background_color: evil, background_image_url: image };
  const rules = sheetOf(themed({ ...THEME, colors, page_background }));
  expect(rules).not.toContain('evil');
  expect(rules).not.toContain('<');
  expect(/background-image:url\("([^"]*)"\)/.exec(rules)?.[1]).toMatch(
    /^https:\/\/cdn\.example\/a\.png\?x=%22%29;[^"'()<>\\]*$/,
  );
});

it("the tenant's gradient is a background, and only of colors", () => {
  const gradient = (end: string) =>
    brandOf(
      {
        tenant: {
          friendlyName: 'T',
          look: toLook({ colors: { page_background: { start: '#fff', end, angle_deg: 35 } } }, null),
        },
      },
      ORIGIN,
    );
  expect(sheetOf(gradient('#000000'))).toContain('background:linear-gradient(35deg,#ffffff,#000000)');
  expect(sheetOf(gradient('url(//evil.example)'))).not.toContain('evil');
});
