/**
 * The console's look. The accent colour is that of the sign-in pages; a test checks contrasts in the light and the dark
 * scheme.
 */
import { Anchor, Badge, type CSSVariablesResolver, createTheme, type MantineColorsTuple, Modal } from '@mantine/core';

const ink: MantineColorsTuple = [
  '#eef4ff',
  '#dbe6fd',
  '#b3caf9',
  '#88acf6',
  '#6592f3',
  '#4f82f2',
  '#2f67d8',
  '#2558c4',
  '#1c4aa8',
  '#113b8d',
];

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 6 },
  colors: { ink },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Labels for screen readers of the two controls.
    ColorPicker: { defaultProps: { saturationLabel: 'Saturation and brightness', hueLabel: 'Hue' } },
    // Links are underlined, so that they are recognisable in a sentence without their colour.
    Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }),
    Badge: Badge.extend({
      defaultProps: { size: 'lg', tt: 'none', fw: 500 },
      styles: { label: { overflow: 'visible' } },
    }),
    Modal: Modal.extend({
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        // Dialogs are centred on small screens too.
        centered: true,
        // Screen readers would otherwise list the dialog's header as a second banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
      styles: { title: { fontSize: 'var(--mantine-font-size-lg)', fontWeight: 650, overflowWrap: 'anywhere' } },
    }),
  },
});

/**
 * Text colours on the pale backgrounds of notes and badges. The library's own colours there have a contrast below
 * 4.5:1.
 */
const ON_PALE = {
  '--mantine-color-yellow-light-color': '#6f4500',
  '--mantine-color-orange-light-color': '#8a3b00',
  '--mantine-color-green-light-color': '#1b5e2c',
  '--mantine-color-teal-light-color': '#0b5a48',
  '--mantine-color-red-light-color': '#a31515',
  '--mantine-color-blue-light-color': '#12528f',
  '--mantine-color-gray-light-color': '#343a40',
  '--mantine-color-dimmed': '#5c6370',
  '--mantine-color-placeholder': '#6b7280',
  '--mantine-color-error': '#c22525',
};

/** A red on which white text is readable. */
const DANGER = { '--mantine-color-red-filled': '#c92a2a', '--mantine-color-red-filled-hover': '#a51111' };

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...ON_PALE, ...DANGER },
  dark: {
    ...DANGER,
    '--mantine-color-dimmed': '#a4abb6',
    '--mantine-color-placeholder': '#8f97a3',
    '--mantine-color-error': '#ff8787',
  },
});
