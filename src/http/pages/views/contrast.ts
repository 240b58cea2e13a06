/**
 * The light and the dark color scheme of the pages. `text`, `muted`, `accent` and `danger` have a contrast of at least
 * 4.5:1 to `surface`; so has text in the color `surface` on `accent`. The line of a field has 3:1 (WCAG 2.2, 1.4.3 and
 * 1.4.11).
 */
import { type HexColor, inkOn, parseColor, type SchemeColors } from '../../../domain/look/color.js';

export interface Scheme extends SchemeColors {
  readonly muted: HexColor;
  readonly line: HexColor;
  readonly danger: HexColor;
}

export const LIGHT: Scheme = {
  surface: '#ffffff',
  text: '#16191d',
  muted: '#5a626d',
  line: '#848c98',
  accent: '#2450c8',
  danger: '#b3261e',
};

export const DARK: Scheme = {
  surface: '#16181c',
  text: '#eef0f3',
  muted: '#a3abb7',
  line: '#737b87',
  accent: '#93b1ff',
  danger: '#ff9a90',
};

/**
 * Returns the colors of the square that shows an initial in place of a logo: the brand's own color, with black or white
 * text.
 */
export function markColors(primaryColor: string | undefined): { ground: HexColor; ink: HexColor } | undefined {
  const ground = parseColor(primaryColor);
  return ground === undefined ? undefined : { ground, ink: inkOn(ground) };
}
