/**
 * Replaces a text of the Management API about a refusal by the console's own sentence. The API's text is written for
 * programs: it names properties and parameters. Pure.
 */

export interface Refusal {
  /** The refused property of the request, for example `invitee.email`; undefined if there is none. */
  readonly property: string | undefined;
  /** The fault and the next step, in one or two sentences. */
  readonly says: string;
}

/**
 * `text`: the API's text, with `…` for each inserted value. `property`: the refused property, or ''. `says`: the
 * console's sentence, in which `$1` is replaced by the first inserted value.
 */
export type Sentence = readonly [text: string, property: string, says: string];

const HOLE = '…';

/**
 * Compares the whole `message` with `text`. Returns the inserted values, each as short as possible; undefined if the
 * two differ. Takes linear time, since a message may repeat a long text from a request.
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

/** Returns the refusal for the first sentence whose text matches `message`. */
export function findSentence(sentences: readonly Sentence[], message: string): Refusal | undefined {
  for (const [text, property, says] of sentences) {
    const holes = readHoles(text, message);
    if (holes === undefined) continue;
    const told = says.replace(/\$(\d)/g, (_all, number: string) => holes[Number(number) - 1] ?? '');
    return { property: property === '' ? undefined : property, says: told };
  }
  return undefined;
}
