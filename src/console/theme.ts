/** The console's look. The accent is the one of the sign-in pages; contrast holds in both colour schemes by a test. */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

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
});
