/**
 * Text from outside in a form that PostgreSQL takes. It refuses U+0000 in text and in jsonb, and lone surrogates in jsonb;
 * a browser or an IdP may send them, and they must not turn a log line into an error. Changes nothing else.
 */

const REPLACEMENT = '\uFFFD';

/** U+0000, and a surrogate without its other half. */
const NOT_STORABLE = /[\0\p{Surrogate}]/u;

/** `text` without U+0000; lone surrogates become U+FFFD too, as the driver would make them. */
export function toStorableText(text: string): string {
  if (!NOT_STORABLE.test(text)) return text;
  return Buffer.from(text.replaceAll('\0', REPLACEMENT), 'utf8').toString('utf8');
}

/** JSON for a jsonb parameter. `JSON.stringify` escapes U+0000 and lone surrogates, and no other surrogates. */
export function toStorableJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!json.includes('\\u')) return json;
  // Every escape is matched, so that the second half of an escaped backslash is not taken for the start of one.
  return json.replace(/\\(?:u([0-9a-f]{4})|.)/g, (sequence, hex: string | undefined) =>
    hex === '0000' || (hex !== undefined && /^d[89a-f]/.test(hex)) ? REPLACEMENT : sequence,
  );
}
