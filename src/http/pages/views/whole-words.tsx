/**
 * Keeps short words with a hyphen on one line of a heading. A browser may break "sign-in" after its hyphen, above all
 * when it makes the lines of a heading equally long. Never changes the text itself: a special hyphen is read aloud and
 * searched differently.
 */
import type { ComponentChildren } from 'preact';

const HYPHENATED = /(?<![\p{L}-])(\p{L}+(?:-\p{L}+)+)(?![\p{L}-])/u;
/** Maximum number of characters of a word that is kept whole. A longer word may have to break on a narrow screen. */
const LONGEST = 16;

/**
 * Returns the same heading, with its short hyphenated words in elements that the style sheet keeps on one line. Values
 * that were filled in are not changed.
 */
export function keepWhole(heading: ComponentChildren): ComponentChildren {
  if (Array.isArray(heading)) return heading.map(keepWhole);
  if (typeof heading !== 'string') return heading;
  const parts = heading.split(HYPHENATED);
  // `split` returns the texts between the words and the words by turns.
  return parts.map((part, index) =>
    index % 2 === 1 && part.length <= LONGEST ? <span class="word">{part}</span> : part,
  );
}
