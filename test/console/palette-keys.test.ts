/** The keys of the palette: those that open it or close it, on each platform, and those that stay the browser's. */
import { expect, test } from 'vitest';
import { isApple, type Pressed, readKey } from '../../src/console/finder/keys.js';

const press = (key: string, ...held: readonly ('ctrl' | 'meta' | 'alt' | 'shift')[]): Pressed => ({
  key,
  ctrlKey: held.includes('ctrl'),
  metaKey: held.includes('meta'),
  altKey: held.includes('alt'),
  shiftKey: held.includes('shift'),
});

const CTRL_K = press('k', 'ctrl');
const COMMAND_K = press('k', 'meta');

test.each([
  ['Ctrl-K', CTRL_K, 'toggle', undefined],
  ['⌘K', COMMAND_K, undefined, 'toggle'],
  ['Ctrl-K with Caps Lock', press('K', 'ctrl'), 'toggle', undefined],
  ['Ctrl-Shift-K, which opens a console of Firefox', press('K', 'ctrl', 'shift'), undefined, undefined],
  ['⌘-Shift-K', press('K', 'meta', 'shift'), undefined, undefined],
  ['AltGr-K', press('k', 'ctrl', 'alt'), undefined, undefined],
  ['both', press('k', 'ctrl', 'meta'), undefined, undefined],
  ['K alone', press('k'), undefined, undefined],
] as const)('%s', (_name, pressed, elsewhere, onApple) => {
  for (const isTyping of [false, true]) {
    expect(readKey(pressed, isTyping, false)).toBe(elsewhere);
    expect(readKey(pressed, isTyping, true)).toBe(onApple);
  }
});

test.each([false, true])('a slash opens outside of fields alone; on a Mac: %s', (onApple) => {
  expect(readKey(press('/'), false, onApple)).toBe('open');
  expect(readKey(press('/', 'shift'), false, onApple)).toBe('open');
  expect(readKey(press('/'), true, onApple)).toBeUndefined();
  for (const held of ['ctrl', 'meta', 'alt'] as const)
    expect(readKey(press('/', held), false, onApple), held).toBeUndefined();
});

test('the platforms of Apple', () => {
  expect(['MacIntel', 'iPhone', 'iPad', 'Linux x86_64', 'Win32', ''].map(isApple)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
