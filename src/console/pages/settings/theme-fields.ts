/** The fields of a theme: path in the API's object, label, and possible values. A table; draws nothing. */

import type { SentBodyOf } from '../../api/answers.js';

type Kind =
  | { readonly kind: 'color' }
  | { readonly kind: 'switch' }
  | { readonly kind: 'number'; readonly least: number; readonly most: number; readonly unit: string }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'picture' };

export interface ThemeField {
  /** Path of the value in the API's theme, for example `colors.primary_button`. */
  readonly path: string;
  readonly name: string;
  readonly value: Kind;
}

export interface ThemeGroup {
  readonly title: string;
  readonly fields: readonly ThemeField[];
}

const color = (path: string, name: string): ThemeField => ({ path: `colors.${path}`, name, value: { kind: 'color' } });
const pixels = (path: string, name: string, least: number, most: number): ThemeField => ({
  path,
  name,
  value: { kind: 'number', least, most, unit: ' px' },
});
const percent = (part: string, name: string, least = 0): readonly ThemeField[] => [
  { path: `fonts.${part}.size`, name, value: { kind: 'number', least, most: 150, unit: ' %' } },
  { path: `fonts.${part}.bold`, name: `${name}, bold`, value: { kind: 'switch' } },
];
const choice = (path: string, name: string, of: readonly string[]): ThemeField => ({
  path,
  name,
  value: { kind: 'choice', of },
});

const CORNERS = ['rounded', 'pill', 'sharp'];
const SIDES = ['left', 'center', 'right'];

export const THEME_GROUPS: readonly ThemeGroup[] = [
  {
    title: 'Colours',
    fields: [
      color('primary_button', 'Button'),
      color('primary_button_label', 'Button text'),
      color('secondary_button_border', 'Secondary button border'),
      color('secondary_button_label', 'Secondary button text'),
      color('links_focused_components', 'Links and focus'),
      color('header', 'Heading'),
      color('body_text', 'Text'),
      color('input_labels_placeholders', 'Labels and placeholders'),
      color('input_filled_text', 'Entered text'),
      color('input_background', 'Field background'),
      color('input_border', 'Field border'),
      color('error', 'Errors'),
      color('widget_background', 'Card'),
      color('widget_border', 'Card border'),
      { path: 'page_background.background_color', name: 'Page background', value: { kind: 'color' } },
    ],
  },
  {
    title: 'Corners and borders',
    fields: [
      choice('borders.buttons_style', 'Button corners', CORNERS),
      pixels('borders.button_border_radius', 'Button corner radius', 1, 10),
      pixels('borders.button_border_weight', 'Button border width', 0, 10),
      choice('borders.inputs_style', 'Field corners', CORNERS),
      pixels('borders.input_border_radius', 'Field corner radius', 0, 10),
      pixels('borders.input_border_weight', 'Field border width', 0, 3),
      pixels('borders.widget_corner_radius', 'Card corner radius', 0, 50),
      pixels('borders.widget_border_weight', 'Card border width', 0, 10),
      { path: 'borders.show_widget_shadow', name: 'Card shadow', value: { kind: 'switch' } },
    ],
  },
  {
    title: 'Text',
    fields: [
      pixels('fonts.reference_text_size', 'Base text size', 12, 24),
      ...percent('title', 'Heading', 75),
      ...percent('subtitle', 'Subheading'),
      ...percent('body_text', 'Text'),
      ...percent('input_labels', 'Labels'),
      ...percent('buttons_text', 'Buttons'),
      ...percent('links', 'Links'),
      choice('fonts.links_style', 'Link style', ['normal', 'underlined']),
    ],
  },
  {
    title: 'Layout and images',
    fields: [
      choice('page_background.page_layout', 'Card position', SIDES),
      choice('widget.header_text_alignment', 'Heading alignment', SIDES),
      choice('widget.logo_position', 'Logo position', [...SIDES, 'none']),
      pixels('widget.logo_height', 'Logo height', 1, 100),
      { path: 'widget.logo_url', name: 'Logo', value: { kind: 'picture' } },
      { path: 'page_background.background_image_url', name: 'Background image', value: { kind: 'picture' } },
    ],
  },
];

const FIELDS = THEME_GROUPS.flatMap(({ fields }) => fields);

export type ThemeValue = string | number | boolean;
/** Values of a theme's fields by path. */
export type ThemeValues = Readonly<Record<string, ThemeValue>>;
/** A theme in the API's form. */
export type Theme = Readonly<Record<string, unknown>>;

/** Reads the values of a theme's fields. */
export function toThemeValues(theme: Theme): ThemeValues {
  const read = (path: string) =>
    path.split('.').reduce<unknown>((at, name) => (at as Readonly<Record<string, unknown>> | undefined)?.[name], theme);
  return Object.fromEntries(FIELDS.map(({ path }) => [path, (read(path) ?? '') as ThemeValue]));
}

/** Writes values into a theme; properties without a field are kept. */
export function withThemeValues<T extends Theme>(theme: T, values: ThemeValues): T {
  const after = structuredClone(theme) as Record<string, unknown>;
  for (const [path, value] of Object.entries(values)) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const at = names.reduce<Record<string, unknown>>((node, name) => node[name] as Record<string, unknown>, after);
    at[last] = value;
  }
  return after as T;
}

const font = (size: number, bold = false) => ({ size, bold });

/** The theme with which editing begins: the colours that pages have without a theme, in the light scheme. */
export const FIRST_THEME: SentBodyOf<'/branding/themes', 'post'> = {
  displayName: 'Theme',
  colors: {
    body_text: '#1f2733',
    error: '#b42318',
    header: '#1f2733',
    icons: '#5c6370',
    input_background: '#ffffff',
    input_border: '#9aa1ad',
    input_filled_text: '#1f2733',
    input_labels_placeholders: '#5c6370',
    links_focused_components: '#2558c4',
    primary_button: '#2558c4',
    primary_button_label: '#ffffff',
    secondary_button_border: '#9aa1ad',
    secondary_button_label: '#1f2733',
    success: '#1a7f37',
    widget_background: '#ffffff',
    widget_border: '#d5d9e0',
  },
  borders: {
    button_border_radius: 6,
    button_border_weight: 1,
    buttons_style: 'rounded',
    input_border_radius: 6,
    input_border_weight: 1,
    inputs_style: 'rounded',
    show_widget_shadow: true,
    widget_border_weight: 1,
    widget_corner_radius: 8,
  },
  fonts: {
    body_text: font(100),
    buttons_text: font(100, true),
    font_url: '',
    input_labels: font(100),
    links: font(100),
    links_style: 'normal',
    reference_text_size: 16,
    subtitle: font(100),
    title: font(150, true),
  },
  page_background: { background_color: '#f5f6f8', background_image_url: '', page_layout: 'center' },
  widget: {
    header_text_alignment: 'left',
    logo_height: 40,
    logo_position: 'left',
    logo_url: '',
    social_buttons_layout: 'bottom',
  },
};
