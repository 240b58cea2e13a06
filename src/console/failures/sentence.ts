/**
 * Translates one refusal of the Management API to the console's words. The API's text is never shown: it names
 * properties and parameters, and is meant for programs. Pure.
 */

export interface Refusal {
  /** The refused property of the request, as `invitee.email`; undefined where there is none. */
  readonly property: string | undefined;
  /** The fault and the next step, in one or two sentences. */
  readonly says: string;
}

/**
 * The API's text, with `…` for an inserted value; the refused property, or ''; the sentence, with `$1` for the first
 * value.
 */
export type Sentence = readonly [text: string, property: string, says: string];

const HOLE = '…';

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const patterns = new Map<string, RegExp>();

function toPattern(text: string): RegExp {
  const known = patterns.get(text) ?? new RegExp(`^${text.split(HOLE).map(escaped).join('([\\s\\S]*?)')}$`);
  patterns.set(text, known);
  return known;
}

/** Finds the first sentence whose text matches `message`. */
export function findSentence(sentences: readonly Sentence[], message: string): Refusal | undefined {
  for (const [text, property, says] of sentences) {
    const found = toPattern(text).exec(message);
    if (found === null) continue;
    const told = says.replace(/\$(\d)/g, (_all, number: string) => found[Number(number)] ?? '');
    return { property: property === '' ? undefined : property, says: told };
  }
  return undefined;
}
