/** The keys of the palette. Pure: the caller listens, and knows the platform. */

/** A pressed key, as the browser reports it. */
export type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** True on Apple's systems, by the browser's own name of the platform. */
export const isApple = (platform: string): boolean => /^(Mac|iP(hone|ad|od))/.test(platform);

/**
 * Returns what a key does. Ctrl-K opens the palette, or closes it. On a Mac that is ⌘K alone, because Ctrl-K deletes to
 * the end of the line there. With Shift the keys belong to browsers. `/` opens it outside of fields, also with Shift,
 * because some keyboards have it above another key.
 */
export function readKey(
  { key, ctrlKey, metaKey, altKey, shiftKey }: Pressed,
  isTyping: boolean,
  onApple: boolean,
): 'toggle' | 'open' | undefined {
  if (altKey) return undefined;
  if (key === '/' && !ctrlKey && !metaKey) return isTyping ? undefined : 'open';
  const [wanted, other] = onApple ? [metaKey, ctrlKey] : [ctrlKey, metaKey];
  return wanted && !other && !shiftKey && key.toLowerCase() === 'k' ? 'toggle' : undefined;
}
