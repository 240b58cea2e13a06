/** Themes for tests: Auth0's own as its dashboard makes it, and the same in dark. */
import type { ThemeBody } from '../../src/management/branding/fields.js';

const font = (size: number, bold = false) => ({ size, bold });

/** Auth0's default theme. */
export const THEME: ThemeBody = {
  borders: {
    button_border_radius: 3,
    button_border_weight: 1,
    buttons_style: 'rounded',
    input_border_radius: 3,
    input_border_weight: 1,
    inputs_style: 'rounded',
    show_widget_shadow: true,
    widget_border_weight: 0,
    widget_corner_radius: 5,
  },
  colors: {
    body_text: '#1e212a',
    error: '#d03c38',
    header: '#1e212a',
    icons: '#65676e',
    input_background: '#ffffff',
    input_border: '#c9cace',
    input_filled_text: '#000000',
    input_labels_placeholders: '#65676e',
    links_focused_components: '#635dff',
    primary_button: '#635dff',
    primary_button_label: '#ffffff',
    secondary_button_border: '#c9cace',
    secondary_button_label: '#1e212a',
    success: '#13a688',
    widget_background: '#ffffff',
    widget_border: '#c9cace',
  },
  fonts: {
    body_text: font(87.5),
    buttons_text: font(100),
    font_url: '',
    input_labels: font(100),
    links: font(87.5, true),
    links_style: 'normal',
    reference_text_size: 16,
    subtitle: font(87.5),
    title: font(150),
  },
  page_background: { background_color: '#000000', background_image_url: '', page_layout: 'center' },
  widget: {
    header_text_alignment: 'center',
    logo_height: 52,
    logo_position: 'center',
    logo_url: '',
    social_buttons_layout: 'bottom',
  },
};

/** Light text on dark, round ends, the card on the right. */
export const DARK_THEME: ThemeBody = {
  ...THEME,
  borders: { ...THEME.borders, buttons_style: 'pill', inputs_style: 'pill', widget_border_weight: 2 },
  colors: {
    ...THEME.colors,
    body_text: '#e8eaf0',
    error: '#ff6b6b',
    header: '#ffffff',
    input_background: '#10131c',
    input_border: '#55607a',
    input_filled_text: '#ffffff',
    input_labels_placeholders: '#a7b0c4',
    links_focused_components: '#7ee0c3',
    primary_button: '#7ee0c3',
    primary_button_label: '#06231b',
    secondary_button_border: '#55607a',
    secondary_button_label: '#e8eaf0',
    widget_background: '#1a1f2e',
    widget_border: '#2c3448',
  },
  page_background: { background_color: '#0b0e16', background_image_url: '', page_layout: 'right' },
  widget: { ...THEME.widget, header_text_alignment: 'left', logo_position: 'left' },
};
