/**
 * The two color schemes of the hosted pages, and how an organization's color becomes their accent. Never gives an accent
 * with a contrast below 4.5:1 (WCAG 2.2, 1.4.3): neither as text on the surface nor under text in the surface's color.
 */
import { type HexColor, inkOn, isGrey, parseColor, readableOn } from '../../../domain/color.js';

export interface Scheme {
  readonly surface: HexColor;
  readonly text: HexColor;
  readonly muted: HexColor;
  readonly line: HexColor;
  readonly accent: HexColor;
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
 * The accent for one scheme. Too pale a color is darkened on the light surface, too dark a one lightened on the dark
 * surface; black, white and grey become the text color, which is what a black-and-white brand means by them. Anything
 * that is not a color gives the scheme's own accent.
 */
export function accentFor(scheme: Scheme, primaryColor: string | undefined): HexColor {
  const color = parseColor(primaryColor);
  if (color === undefined) return scheme.accent;
  return isGrey(color) ? scheme.text : readableOn(color, scheme.surface);
}

/** The square behind an initial: the brand's color as it is, with black or white on it. */
export function markColors(primaryColor: string | undefined): { ground: HexColor; ink: HexColor } | undefined {
  const ground = parseColor(primaryColor);
  return ground === undefined ? undefined : { ground, ink: inkOn(ground) };
}
