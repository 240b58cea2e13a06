/**
 * Colors of an organization's branding: parsed strictly, and changed until text in them is readable. Pure arithmetic.
 * Returns only six hexadecimal digits, because the result is written into style sheets.
 */

/** A color as `#rrggbb` in lower case; no other form. */
export type HexColor = `#${string}`;

type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Parses `#rgb` or `#rrggbb` to `#rrggbb`; undefined for everything else, names and functions included. Attack: CSS
 * injection through branding (`red;}body{background:url(//evil.example)`).
 */
export function parseColor(text: string | undefined): HexColor | undefined {
  if (text === undefined) return undefined;
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
  if (short) return `#${[1, 2, 3].map((at) => `${short[at]}${short[at]}`).join('')}`.toLowerCase() as HexColor;
  return /^#[0-9a-f]{6}$/i.test(text) ? (text.toLowerCase() as HexColor) : undefined;
}

/**
 * Returns the color as shown on `ground`: `#rgb` and `#rrggbb` unchanged, `#rgba` and `#rrggbbaa` mixed with the
 * ground. Undefined for everything else, like {@link parseColor}.
 */
export function parseColorOn(text: string | undefined, ground: HexColor): HexColor | undefined {
  const [, short, shortAlpha] = /^(#[0-9a-f]{3})([0-9a-f])$/i.exec(text ?? '') ?? [];
  const [, long, longAlpha] = /^(#[0-9a-f]{6})([0-9a-f]{2})$/i.exec(text ?? '') ?? [];
  const color = parseColor(short ?? long ?? text);
  const alpha = shortAlpha === undefined ? longAlpha : `${shortAlpha}${shortAlpha}`;
  if (color === undefined || alpha === undefined) return color;
  return mixColor(ground, color, Number.parseInt(alpha, 16) / 255);
}

function toRgb(color: HexColor): Rgb {
  const bits = Number.parseInt(color.slice(1), 16);
  return [(bits >> 16) & 255, (bits >> 8) & 255, bits & 255];
}

function fromRgb(rgb: Rgb): HexColor {
  return `#${rgb.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;
}

/** Returns the relative luminance, 0 (black) to 1 (white): WCAG 2.2, "relative luminance". */
function luminance(color: HexColor): number {
  const [red, green, blue] = toRgb(color).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** Returns the contrast of two colors, 1 to 21: WCAG 2.2, "contrast ratio". The order does not matter. */
export function contrastRatio(a: HexColor, b: HexColor): number {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
}

/** Moves `color` by `share` (0 to 1) towards `target`, channel by channel. */
export function mixColor(color: HexColor, target: HexColor, share: number): HexColor {
  const to = toRgb(target);
  const mixed = toRgb(color).map((channel, at) => channel + ((to[at] ?? 0) - channel) * share);
  return fromRgb(mixed as unknown as Rgb);
}

/** True for black, white and the greys between, tinted ones (#111827) included. */
export function isGrey(color: HexColor): boolean {
  const rgb = toRgb(color);
  return Math.max(...rgb) - Math.min(...rgb) < 32;
}

/**
 * Returns `color`, or its nearest shade (darker on a light surface, lighter on a dark one) whose contrast with
 * `surface` is at least `ratio`. Contrast is symmetric, so the same shade can be the text on the surface and the
 * background of text in the surface's color.
 */
export function readableOn(color: HexColor, surface: HexColor, ratio = 4.5): HexColor {
  if (contrastRatio(color, surface) >= ratio) return color;
  const target: HexColor = luminance(surface) > 0.18 ? '#000000' : '#ffffff';
  for (let percent = 2; percent < 100; percent += 2) {
    const shade = mixColor(color, target, percent / 100);
    if (contrastRatio(shade, surface) >= ratio) return shade;
  }
  return target;
}

/** Returns black or white, whichever has more contrast on `ground` (a background); at least 4.58 on any color. */
export function inkOn(ground: HexColor): HexColor {
  return contrastRatio('#ffffff', ground) >= contrastRatio('#000000', ground) ? '#ffffff' : '#000000';
}

/** Background, text and default accent of a color scheme (light or dark). */
export interface SchemeColors {
  readonly surface: HexColor;
  readonly text: HexColor;
  readonly accent: HexColor;
}

/**
 * Turns an organization's color into the accent of a color scheme, with a contrast of at least 4.5:1 to the surface
 * (WCAG 2.2, 1.4.3). A pale color is darkened on a light surface, and a dark one is lightened on a dark surface; black,
 * white and grey become the text color, which fits a black-and-white brand. For a text that is no color, returns the
 * scheme's default accent.
 */
export function accentFor(scheme: SchemeColors, primaryColor: string | undefined): HexColor {
  const color = parseColor(primaryColor);
  if (color === undefined) return scheme.accent;
  return isGrey(color) ? scheme.text : readableOn(color, scheme.surface);
}
