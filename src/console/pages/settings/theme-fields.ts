/** The fields of a theme: path in the API's object, label, and possible values. A table; draws nothing. */
import type { SentBodyOf } from '../../api/answers.js';
import { type Field, type FieldsOf, toBody, toValues } from '../../parts/form-fields.js';

export type ThemeValue = string | number | boolean;
/** Values of a theme's fields by path. */
export type ThemeValues = Readonly<Record<string, ThemeValue>>;
/** A theme in the API's form. */
export type Theme = Readonly<Record<string, unknown>>;

/** A field by its path in the API's theme, for example `colors.primary_button`. */
type Entry = readonly [path: string, field: Field<ThemeValue, ThemeValues>];

export interface ThemeGroup {
  readonly title: string;
  readonly fields: readonly Entry[];
}

const colorAt = (path: string, label: string): Entry => [
  path,
  {
    kind: 'color',
    label,
    popoverProps: { withinPortal: false },
    eyeDropperButtonProps: { 'aria-label': 'Pick a colour from the screen' },
  },
];
const color = (path: string, label: string) => colorAt(`colors.${path}`, label);
const onOff = (path: string, label: string): Entry => [path, { kind: 'switch', label, mt: 'sm' }];
const pixels = (path: string, label: string, min: number, max: number): Entry => [
  path,
  { kind: 'number', label, min, max, suffix: ' px' },
];
const percent = (part: string, label: string, min = 0): readonly Entry[] => [
  [`fonts.${part}.size`, { kind: 'number', label, min, max: 150, suffix: ' %' }],
  onOff(`fonts.${part}.bold`, `${label}, bold`),
];
const choice = (path: string, label: string, data: readonly string[]): Entry => [
  path,
  { kind: 'select', label, data: [...data] },
];
const picture = (path: string, label: string): Entry => [
  path,
  { kind: 'text', label, type: 'url', description: 'An https address. Leave empty for no image.' },
];

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
      colorAt('page_background.background_color', 'Page background'),
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
      onOff('borders.show_widget_shadow', 'Card shadow'),
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
      picture('widget.logo_url', 'Logo'),
      picture('page_background.background_image_url', 'Background image'),
    ],
  },
];

export const THEME_FIELDS: FieldsOf<ThemeValues> = Object.fromEntries(THEME_GROUPS.flatMap(({ fields }) => fields));

/** Reads the values of a theme's fields. */
export const toThemeValues = (theme: Theme): ThemeValues => toValues(THEME_FIELDS, theme);

/** Writes values into a theme; properties without a field are kept. */
export const withThemeValues = <T extends Theme>(theme: T, values: ThemeValues): T =>
  toBody<T>(THEME_FIELDS, values, theme);

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
