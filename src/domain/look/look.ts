/**
 * The look of the tenant's pages and mails: its branding, and a more detailed theme. Plain values as an administrator
 * gave them. Must never be written into a page unchanged: colors go through color.ts, addresses through brand-mark.ts.
 */

/** Two colors, and the direction from the first to the second in CSS degrees. */
export interface Gradient {
  readonly start: string;
  readonly end: string;
  readonly angleDegrees: number;
}

/** The background behind the card: a color or a gradient. */
export type Ground = string | Gradient;

/** Weight and size of a text; the size is in percent of the theme's reference size. */
export interface TextStyle {
  readonly sizePercent: number;
  readonly isBold: boolean;
}

export type Side = 'left' | 'center' | 'right';

export interface ThemeColors {
  readonly card: string;
  readonly cardLine: string;
  readonly heading: string;
  readonly text: string;
  readonly muted: string;
  readonly danger: string;
  readonly link: string;
  readonly field: string;
  readonly fieldLine: string;
  readonly fieldText: string;
  readonly button: string;
  readonly buttonText: string;
  readonly otherButtonLine: string;
  readonly otherButtonText: string;
}

/** Corner radii and line widths, in pixels. */
export interface ThemeShape {
  readonly cardRadius: number;
  readonly cardLine: number;
  readonly hasShadow: boolean;
  readonly buttonRadius: number;
  readonly buttonLine: number;
  readonly fieldRadius: number;
  readonly fieldLine: number;
}

export interface ThemeTexts {
  readonly referencePixels: number;
  readonly title: TextStyle;
  readonly subtitle: TextStyle;
  readonly body: TextStyle;
  readonly button: TextStyle;
  readonly label: TextStyle;
  readonly link: TextStyle;
  readonly underlinesLinks: boolean;
}

/** A theme with every value set, so that pages look the same in a browser's light and dark mode. */
export interface Theme {
  readonly colors: ThemeColors;
  readonly shape: ThemeShape;
  readonly texts: ThemeTexts;
  readonly ground: string;
  readonly groundImageUrl: string | undefined;
  readonly cardSide: Side;
  readonly headingSide: Side;
  readonly logoUrl: string | undefined;
  readonly logoSide: Side | 'none';
  readonly logoPixels: number;
}

export interface TenantLook {
  readonly logoUrl?: string;
  readonly faviconUrl?: string;
  readonly primaryColor?: string;
  readonly pageBackground?: Ground;
  readonly theme?: Theme;
}
