/**
 * One refusal of the Management API in the words of the console. The API's text is never shown: it names properties and parameters, and is
 * worded for programs. Pure.
 */

export interface Refusal {
  /** The property of the request that the API did not take, as `invitee.email`; undefined where none is to blame. */
  readonly property: string | undefined;
  /** The fault and the next step, in one or two sentences. */
  readonly says: string;
}

/** The API's text, `…` where it puts in a value; the property to blame, or ''; the sentence, `$1` for the first of those values. */
export type Sentence = readonly [text: string, property: string, says: string];

const HOLE = '…';

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const patterns = new Map<string, RegExp>();

function toPattern(text: string): RegExp {
  const known = patterns.get(text) ?? new RegExp(`^${text.split(HOLE).map(escaped).join('([\\s\\S]*?)')}$`);
  patterns.set(text, known);
  return known;
}

/** The first sentence whose text is that of `message`. */
export function findSentence(sentences: readonly Sentence[], message: string): Refusal | undefined {
  for (const [text, property, says] of sentences) {
    const found = toPattern(text).exec(message);
    if (found === null) continue;
    const told = says.replace(/\$(\d)/g, (_all, number: string) => found[Number(number)] ?? '');
    return { property: property === '' ? undefined : property, says: told };
  }
  return undefined;
}
