/**
 * The contrast of colours by WCAG 2, shown beside a choice of colours. The server computes contrasts itself and
 * corrects unreadable text.
 */

const COLOR = /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

/** Minimum contrast (to 1) of readable text, by WCAG 2 level AA. */
export const READABLE = 4.5;

/** True for a CSS colour in hexadecimal digits. */
export const isColor = (text: string): boolean => COLOR.test(text);

/** Returns the six digits of a colour, without its transparency. */
function digitsOf(color: string): string {
  const digits = color.slice(1);
  return digits.length < 6 ? [...digits.slice(0, 3)].map((digit) => digit + digit).join('') : digits.slice(0, 6);
}

/** Returns the relative luminance of a colour, from 0 to 1. */
function luminance(color: string): number {
  const digits = digitsOf(color);
  const channel = (at: number) => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4);
}

/** Returns the contrast of two colours (1 to 21); undefined if one is no colour. */
export function contrastOf(one: string, other: string): number | undefined {
  if (!isColor(one) || !isColor(other)) return undefined;
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Returns the contrast of this colour with white; undefined for a text that is no colour. */
export const contrastOnWhite = (color: string): number | undefined => contrastOf('#ffffff', color);

/** Returns `color` if it is readable on the background `ground`; otherwise black or white, whichever is readable. */
export function readableOn(ground: string, color: string): string {
  const contrast = contrastOf(color, ground);
  if (contrast === undefined || contrast >= READABLE) return color;
  return (contrastOnWhite(ground) ?? 1) >= READABLE ? '#ffffff' : '#000000';
}
