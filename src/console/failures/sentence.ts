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

/**
 * Matches `message` against `text` from end to end. Returns the text in place of each `…`, the shortest that fits;
 * undefined if they differ. In linear time, because a message can repeat what somebody sent.
 */
function readHoles(text: string, message: string): string[] | undefined {
  const [first = '', ...parts] = text.split(HOLE);
  const last = parts.pop();
  if (last === undefined) return text === message ? [] : undefined;
  if (!message.startsWith(first)) return undefined;
  const end = message.length - last.length;
  const holes: string[] = [];
  let at = first.length;
  for (const part of parts) {
    const found = message.indexOf(part, at);
    if (found < 0) return undefined;
    holes.push(message.slice(at, found));
    at = found + part.length;
  }
  return at <= end && message.endsWith(last) ? [...holes, message.slice(at, end)] : undefined;
}

/** Finds the first sentence whose text matches `message`. */
export function findSentence(sentences: readonly Sentence[], message: string): Refusal | undefined {
  for (const [text, property, says] of sentences) {
    const holes = readHoles(text, message);
    if (holes === undefined) continue;
    const told = says.replace(/\$(\d)/g, (_all, number: string) => holes[Number(number) - 1] ?? '');
    return { property: property === '' ? undefined : property, says: told };
  }
  return undefined;
}
