/**
 * One sealed text over several cookies, since browsers keep 4,096 bytes of each. The first one says how many there are; the text is sealed
 * as a whole, so pieces of two versions or of two logins do not open together. Knows names and lengths, and nothing of the sealed text.
 */

/** Characters of one cookie: browsers keep 4,096 bytes of name, value and attributes (RFC 6265 section 6.1). */
export const PIECE_CHARACTERS = 3_800;
/** Enough for a request whose every parameter is as long as it may be, and for the data that a login adds to it. */
export const MAX_PIECES = 5;

type Cookies = Readonly<Record<string, string | undefined>>;

/** The name of a piece; the first piece has the name of the whole. */
export function pieceName(name: string, index: number): string {
  return index === 0 ? name : `${name}.${index}`;
}

/** How many cookies a text of this length takes. */
export function countPieces(characters: number): number {
  return Math.max(1, Math.ceil((characters + 2) / PIECE_CHARACTERS));
}

/** The values of the cookies, by place. `text` is base64url. Undefined for more than {@link MAX_PIECES}. */
export function toPieces(text: string): readonly string[] | undefined {
  const count = countPieces(text.length);
  if (count > MAX_PIECES) return undefined;
  const whole = count === 1 ? text : `${count}.${text}`;
  return Array.from({ length: count }, (_, index) =>
    whole.slice(index * PIECE_CHARACTERS, (index + 1) * PIECE_CHARACTERS),
  );
}

/** The text that was cut into the cookies of this name. Undefined when one of them is missing; they may still not fit together. */
export function joinPieces(cookies: Cookies, name: string): string | undefined {
  const first = cookies[name];
  if (first === undefined || first.charAt(1) !== '.') return first;
  const count = Number(first.charAt(0));
  if (!(count >= 2 && count <= MAX_PIECES)) return undefined;
  let text = first.slice(2);
  for (let index = 1; index < count; index += 1) {
    const piece = cookies[pieceName(name, index)];
    if (piece === undefined) return undefined;
    text += piece;
  }
  return text;
}
