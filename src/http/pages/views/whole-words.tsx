/**
 * Keeps short words with a hyphen on one line of a heading: a browser may break "sign-in" after its hyphen, and does
 * when it balances the lines. Never changes the text itself: other hyphens are read aloud and searched for differently.
 */
import type { ComponentChildren } from 'preact';

const HYPHENATED = /(?<![\p{L}-])(\p{L}+(?:-\p{L}+)+)(?![\p{L}-])/u;
/** Most characters: a longer word may have to break on a narrow screen. */
const LONGEST = 16;

/** Returns the same heading; values that were filled in stay unchanged. */
export function keepWhole(heading: ComponentChildren): ComponentChildren {
  if (Array.isArray(heading)) return heading.map(keepWhole);
  if (typeof heading !== 'string') return heading;
  const parts = heading.split(HYPHENATED);
  // Words and the texts between them alternate.
  return parts.map((part, index) =>
    index % 2 === 1 && part.length <= LONGEST ? <span class="word">{part}</span> : part,
  );
}
