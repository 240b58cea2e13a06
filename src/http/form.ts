/**
 * Parses application/x-www-form-urlencoded text, from a body or a query, for all endpoints. Never repairs, drops or
 * chooses a value; the endpoint decides about repeated or unknown names.
 */

const MAXIMUM_PAIRS = 64;

/**
 * Thrown for a form, or a field of a form, that cannot be read. The answer is then 400. The message repeats no value of
 * the text.
 */
export class MalformedForm extends Error {
  override name = 'MalformedForm';
  readonly statusCode = 400;
}

/**
 * The values by name; a list if a name was sent more than once. The object has no prototype, because a name may be any
 * text.
 */
export type Form = Readonly<Record<string, string | readonly string[]>>;

/**
 * Decodes a name or a value. Undefined for bad percent-encoding, and for bytes that are not UTF-8 (`%ff`, overlong
 * forms, lone surrogates).
 */
function decodeComponent(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/**
 * Returns the pairs in the order in which they were sent. Refuses a literal U+FFFD, which stands where bytes were not
 * UTF-8.
 */
export function parsePairs(text: string): readonly (readonly [name: string, value: string])[] | MalformedForm {
  const parts = text.split('&').filter((part) => part !== '');
  if (parts.length > MAXIMUM_PAIRS) return new MalformedForm('Too many parameters');
  if (text.includes('\ufffd')) return new MalformedForm('The parameters are not UTF-8');
  const pairs: [string, string][] = [];
  for (const part of parts) {
    const equals = part.indexOf('=');
    const name = decodeComponent(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? '' : decodeComponent(part.slice(equals + 1));
    if (name === undefined || value === undefined) return new MalformedForm('Malformed percent-encoding');
    pairs.push([name, value]);
  }
  return pairs;
}

/** Parses a form; several values of one name form a list. */
export function parseForm(text: string): Form | MalformedForm {
  const pairs = parsePairs(text);
  if (pairs instanceof MalformedForm) return pairs;
  const form: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of pairs) {
    const known = form[name];
    form[name] = known === undefined ? value : [known, value].flat();
  }
  return form;
}

/** Returns the part after the `?` of a request's own URL. */
export function queryOf(url: string): string {
  const question = url.indexOf('?');
  return question < 0 ? '' : url.slice(question + 1);
}
