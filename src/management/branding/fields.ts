/**
 * Auth0's settings of branding and theme as they are stored, and their conversion into the look of this server's pages.
 */
import type { Ground, Side, TenantLook, TextStyle, Theme, ThemeShape, ThemeTexts } from '../../domain/look/look.js';

/** `/branding` as stored, without settings that were cleared. */
export interface StoredBranding {
  readonly colors?: { readonly primary?: string; readonly page_background?: string | object };
  readonly favicon_url?: string;
  readonly logo_url?: string;
  readonly font?: { readonly url?: string };
}

type Corners = 'pill' | 'rounded' | 'sharp';
interface Font {
  readonly bold: boolean;
  readonly size: number;
}

/** A theme in Auth0's document, which requires every property. */
export interface ThemeBody {
  readonly displayName?: string;
  readonly borders: {
    readonly button_border_radius: number;
    readonly button_border_weight: number;
    readonly buttons_style: Corners;
    readonly input_border_radius: number;
    readonly input_border_weight: number;
    readonly inputs_style: Corners;
    readonly show_widget_shadow: boolean;
    readonly widget_border_weight: number;
    readonly widget_corner_radius: number;
  };
  readonly colors: Readonly<Record<string, string>>;
  readonly fonts: {
    readonly body_text: Font;
    readonly font_url: string;
    readonly buttons_text: Font;
    readonly input_labels: Font;
    readonly links: Font;
    readonly links_style: 'normal' | 'underlined';
    readonly reference_text_size: number;
    readonly subtitle: Font;
    readonly title: Font;
  };
  readonly page_background: {
    readonly background_color: string;
    readonly background_image_url: string;
    readonly page_layout: Side;
  };
  readonly widget: {
    readonly header_text_alignment: Side;
    readonly logo_height: number;
    readonly logo_position: Side | 'none';
    readonly logo_url: string;
    readonly social_buttons_layout: 'bottom' | 'top';
  };
  readonly identifiers?: ThemeIdentifiers;
}

interface ThemeIdentifiers {
  readonly login_display: 'separate' | 'unified';
  readonly otp_autocomplete: boolean;
  readonly phone_display: { readonly formatting: string; readonly masking: string };
}

export type StoredTheme = ThemeBody & { readonly themeId: string; readonly displayName: string };

/** A radius in pixels that is large enough to round every button's ends completely. */
const PILL = 1_000;
const toRadius = (corners: Corners, radius: number) => (corners === 'rounded' ? radius : corners === 'pill' ? PILL : 0);

function toShape(borders: ThemeBody['borders']): ThemeShape {
  return {
    cardRadius: borders.widget_corner_radius,
    cardLine: borders.widget_border_weight,
    hasShadow: borders.show_widget_shadow,
    buttonRadius: toRadius(borders.buttons_style, borders.button_border_radius),
    buttonLine: borders.button_border_weight,
    fieldRadius: toRadius(borders.inputs_style, borders.input_border_radius),
    fieldLine: borders.input_border_weight,
  };
}

function toTexts(fonts: ThemeBody['fonts']): ThemeTexts {
  const toStyle = ({ size, bold }: Font): TextStyle => ({ sizePercent: size, isBold: bold });
  return {
    referencePixels: fonts.reference_text_size,
    title: toStyle(fonts.title),
    subtitle: toStyle(fonts.subtitle),
    body: toStyle(fonts.body_text),
    button: toStyle(fonts.buttons_text),
    label: toStyle(fonts.input_labels),
    link: toStyle(fonts.links),
    underlinesLinks: fonts.links_style === 'underlined',
  };
}

function toColors(colors: ThemeBody['colors']): Theme['colors'] {
  const of = (name: string) => colors[name] ?? '';
  return {
    card: of('widget_background'),
    cardLine: of('widget_border'),
    heading: of('header'),
    text: of('body_text'),
    muted: of('input_labels_placeholders'),
    danger: of('error'),
    link: of('links_focused_components'),
    field: of('input_background'),
    fieldLine: of('input_border'),
    fieldText: of('input_filled_text'),
    button: of('primary_button'),
    buttonText: of('primary_button_label'),
    otherButtonLine: of('secondary_button_border'),
    otherButtonText: of('secondary_button_label'),
  };
}

function toTheme({ borders, colors, fonts, page_background: page, widget }: ThemeBody): Theme {
  return {
    colors: toColors(colors),
    shape: toShape(borders),
    texts: toTexts(fonts),
    ground: page.background_color,
    groundImageUrl: page.background_image_url || undefined,
    cardSide: page.page_layout,
    headingSide: widget.header_text_alignment,
    logoUrl: widget.logo_url || undefined,
    logoSide: widget.logo_position,
    logoPixels: widget.logo_height,
  };
}

/**
 * Returns the background: a color, or a gradient if the value is Auth0's `{type: "linear-gradient", start, end,
 * angle_deg}`. Returns undefined for any other object: it is stored but not shown.
 */
function toGround(value: string | object | undefined): Ground | undefined {
  if (value === undefined || typeof value === 'string') return value;
  const { start, end, angle_deg: angle } = value as Readonly<Record<string, unknown>>;
  if (typeof start !== 'string' || typeof end !== 'string') return undefined;
  return { start, end, angleDegrees: typeof angle === 'number' ? angle : 0 };
}

/** Converts branding and theme into the look of pages and mails. */
export function toLook(branding: StoredBranding, theme: ThemeBody | null): TenantLook {
  const pageBackground = toGround(branding.colors?.page_background);
  return {
    ...(branding.logo_url !== undefined && { logoUrl: branding.logo_url }),
    ...(branding.favicon_url !== undefined && { faviconUrl: branding.favicon_url }),
    ...(branding.colors?.primary !== undefined && { primaryColor: branding.colors.primary }),
    ...(pageBackground !== undefined && { pageBackground }),
    ...(theme !== null && { theme: toTheme(theme) }),
  };
}
