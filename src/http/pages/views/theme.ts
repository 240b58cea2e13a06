/**
 * Converts the tenant's theme to CSS rules, which follow the style sheet. A theme has one color scheme, which is used
 * in light and in dark mode. With any theme, text has a contrast of at least 4.5:1 to its background, lines of fields
 * have 3:1, and sizes fit into the card. Must never write a theme's value into a rule unchecked: colors are six digits,
 * numbers are numbers.
 */

import {
  contrastRatio,
  type HexColor,
  inkOn,
  mixColor,
  parseColor,
  parseColorOn,
  readableOn,
} from '../../../domain/look/color.js';
import type { Ground, Side, TextStyle, Theme } from '../../../domain/look/look.js';

/** The theme's colors as pages show them: opaque, and changed where text would be hard to read. */
export interface ShownColors {
  readonly surface: HexColor;
  readonly cardLine: HexColor;
  readonly heading: HexColor;
  readonly text: HexColor;
  readonly muted: HexColor;
  readonly accent: HexColor;
  readonly danger: HexColor;
  readonly line: HexColor;
  readonly field: HexColor;
  readonly fieldText: HexColor;
  /** Color of texts inside a field, such as "Show". */
  readonly fieldAccent: HexColor;
  readonly button: HexColor;
  readonly buttonText: HexColor;
  readonly buttonHover: HexColor;
  readonly otherLine: HexColor;
  readonly otherText: HexColor;
  /** Background of notes and of the person's address. */
  readonly panel: HexColor;
}

const WHITE: HexColor = '#ffffff';
const TEXT = 4.5;
const GRAPHICS = 3;

/** Mixes `tint` into `ground`, only as much as keeps the texts in the colors `texts` readable on it. */
function tinted(ground: HexColor, tint: HexColor, share: number, texts: readonly HexColor[]): HexColor {
  for (const part of [share, share / 2, share / 4]) {
    const mixed = mixColor(ground, tint, part);
    if (texts.every((text) => contrastRatio(text, mixed) >= TEXT)) return mixed;
  }
  return ground;
}

/** Returns the colors of a theme. Each is changed only as far as is necessary to read the text. */
export function shownColors({ colors, ground }: Pick<Theme, 'colors' | 'ground'>): ShownColors {
  const behind = parseColorOn(ground, WHITE) ?? WHITE;
  const surface = parseColorOn(colors.card, behind) ?? WHITE;
  const on = (color: string, under: HexColor, ratio = TEXT) =>
    readableOn(parseColorOn(color, under) ?? inkOn(under), under, ratio);
  const field = parseColorOn(colors.field, surface) ?? surface;
  const button = parseColorOn(colors.button, surface) ?? inkOn(surface);
  const buttonText = on(colors.buttonText, button);
  const text = on(colors.text, surface);
  const muted = on(colors.muted, surface);
  const accent = on(colors.link, surface);
  const danger = on(colors.danger, surface);
  const line = on(colors.fieldLine, surface, GRAPHICS);
  return {
    surface,
    cardLine: parseColorOn(colors.cardLine, surface) ?? surface,
    heading: on(colors.heading, surface),
    text,
    muted,
    accent,
    danger,
    line,
    field,
    fieldText: on(colors.fieldText, field),
    fieldAccent: on(colors.link, field),
    button,
    buttonText,
    buttonHover: tinted(button, buttonText, 0.1, [buttonText]),
    otherLine: on(colors.otherButtonLine, surface, GRAPHICS),
    otherText: on(colors.otherButtonText, surface),
    panel: tinted(surface, line, 0.12, [text, muted, accent, danger]),
  };
}

const within = (value: number, least: number, most: number) =>
  Number.isFinite(value) ? Math.round(Math.min(Math.max(value, least), most)) : least;

/**
 * Returns the CSS for a text. Its size is at least 14 pixels, so that everybody can read it, and small enough that no
 * word is wider than the card.
 */
function textRule({ texts }: Theme, style: TextStyle, most: number): string {
  const size = within((texts.referencePixels * style.sizePercent) / 100, 14, most);
  return `font-size:${size}px;line-height:${Math.round(size * 1.35)}px;font-weight:${style.isBold ? 700 : 400}`;
}

/** Returns a color or a gradient as a CSS value of `background`; undefined when a color is malformed. */
export function toBackground(ground: Ground | undefined): string | undefined {
  if (ground === undefined) return undefined;
  if (typeof ground === 'string') return parseColor(ground);
  const [start, end] = [parseColor(ground.start), parseColor(ground.end)];
  if (start === undefined || end === undefined) return undefined;
  return `linear-gradient(${within(ground.angleDegrees, -360, 360)}deg,${start},${end})`;
}

const PLACE: Readonly<Record<Side, string>> = { left: 'start', center: 'center', right: 'end' };
const MARGIN: Readonly<Record<Side, string>> = { left: '0 auto 0 0', center: '0 auto', right: '0 0 0 auto' };
const sideOf = <Value>(table: Readonly<Record<Side, Value>>, side: string): Value => table[side as Side] ?? table.left;

function colorRules(colors: ShownColors, scheme: 'light' | 'dark'): string[] {
  const { surface, text, muted, line, accent, danger } = colors;
  return [
    `:root{color-scheme:${scheme};--surface:${surface};--text:${text};--muted:${muted};--line:${line};--accent:${accent};--danger:${danger}}`,
    `h1{color:${colors.heading}}`,
    `input:not([type=hidden]){background:${colors.field};color:${colors.fieldText}}`,
    `.reveal button{color:${colors.fieldAccent}}`,
    `.button{background:${colors.button};border-color:${colors.button};color:${colors.buttonText}}`,
    `.button:hover{background:${colors.buttonHover}}`,
    `.button.plain,.button.plain:hover{background:none;border-color:${colors.otherLine};color:${colors.otherText}}`,
    `.who,.reference,.note{background:${colors.panel}}`,
  ];
}

function shapeRules({ shape }: Theme, colors: ShownColors): string[] {
  const button = within(shape.buttonRadius, 0, 22);
  const field = within(shape.fieldRadius, 0, 22);
  const card = `border:${within(shape.cardLine, 0, 10)}px solid ${colors.cardLine};border-radius:${within(shape.cardRadius, 0, 50)}px`;
  return [
    `@media(min-width:481px){main{${card}${shape.hasShadow ? '' : ';box-shadow:none'}}}`,
    `.button,.button:focus-visible{border-radius:${button}px;border-width:${within(shape.buttonLine, 0, 10)}px}`,
    `.button.plain{border-width:${within(shape.buttonLine, 1, 10)}px}`,
    `input:not([type=hidden]),input:focus-visible{border-radius:${field}px;border-width:${within(shape.fieldLine, 1, 3)}px}`,
    `input[aria-invalid]{border-width:${Math.max(2, within(shape.fieldLine, 1, 3))}px}`,
  ];
}

function textRules(theme: Theme): string[] {
  const { texts } = theme;
  return [
    `h1,.long h1{${textRule(theme, texts.title, 36)};text-align:${sideOf(PLACE, theme.headingSide)}}`,
    `.sub{${textRule(theme, texts.subtitle, 24)};text-align:${sideOf(PLACE, theme.headingSide)}}`,
    `.body,.facts dd{${textRule(theme, texts.body, 24)}}`,
    `.button{${textRule(theme, texts.button, 22)}}`,
    `label{${textRule(theme, texts.label, 22)}}`,
    `.quiet a,.link{${textRule(theme, texts.link, 22)};text-decoration-line:${texts.underlinesLinks ? 'underline' : 'none'}}`,
  ];
}

function pageRules(theme: Theme, image: string | undefined): string[] {
  const ground = parseColorOn(theme.ground, WHITE) ?? WHITE;
  // `URL` has encoded quotes and spaces in this address; the caller has encoded brackets.
  const picture =
    image === undefined ? '' : `;background-image:url("${image}");background-size:cover;background-position:center`;
  const logo = theme.logoSide === 'none' ? 'left' : theme.logoSide;
  return [
    `@media(min-width:481px){body{background:${ground}${picture};justify-items:${sideOf(PLACE, theme.cardSide)}}}`,
    `.logo{height:${within(theme.logoPixels, 16, 100)}px;max-width:100%;padding:0;background:none}`,
    `main>.logo,main>.mark{margin:${sideOf(MARGIN, logo)}}`,
    theme.logoSide === 'none' ? 'main>.logo,main>.mark{display:none}' : '',
  ];
}

/**
 * Returns all rules of a theme. `image` is the address of the picture behind the card, checked and encoded by the
 * caller.
 */
export function themeRules(theme: Theme, image: string | undefined): string {
  const colors = shownColors(theme);
  const scheme = inkOn(colors.surface) === '#ffffff' ? 'dark' : 'light';
  return [
    ...colorRules(colors, scheme),
    ...shapeRules(theme, colors),
    ...textRules(theme),
    ...pageRules(theme, image),
  ].join('');
}
