/**
 * Words with a hyphen that stay on one line of a heading: a browser may break "sign-in" behind its hyphen, and does where it balances the
 * lines. Never changes the text itself: other hyphens are read aloud and searched for differently.
 */
import type { ComponentChildren } from 'preact';

const HYPHENATED = /(?<![\p{L}-])(\p{L}+(?:-\p{L}+)+)(?![\p{L}-])/u;
/** A longer word may have to break on a narrow screen. */
const LONGEST = 16;

/** The same heading; values that were put into it are left as they are. */
export function keepWhole(heading: ComponentChildren): ComponentChildren {
  if (Array.isArray(heading)) return heading.map(keepWhole);
  if (typeof heading !== 'string') return heading;
  const parts = heading.split(HYPHENATED);
  // Words and what is between them take turns.
  return parts.map((part, index) =>
    index % 2 === 1 && part.length <= LONGEST ? <span class="word">{part}</span> : part,
  );
}
