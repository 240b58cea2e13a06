/**
 * Makes text from outside storable. PostgreSQL refuses U+0000 in text and in jsonb, and lone surrogates in jsonb. A
 * browser or an identity provider may send them, and they must not make the write of a log line fail. Changes nothing
 * else.
 */

const REPLACEMENT = '\uFFFD';

/** Matches U+0000 and a surrogate without its other half. */
const NOT_STORABLE = /[\0\p{Surrogate}]/u;

/**
 * Returns `text` with U+FFFD in place of U+0000 and of lone surrogates, which the driver would replace in the same way.
 */
export function toStorableText(text: string): string {
  if (!NOT_STORABLE.test(text)) return text;
  return Buffer.from(text.replaceAll('\0', REPLACEMENT), 'utf8').toString('utf8');
}

/**
 * Returns JSON for a jsonb parameter, with U+FFFD in place of U+0000 and of lone surrogates. `JSON.stringify` writes
 * both as escapes, and no other surrogates.
 */
export function toStorableJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!json.includes('\\u')) return json;
  // Matches every escape, so that the second half of an escaped backslash is not mistaken for the start of one.
  return json.replace(/\\(?:u([0-9a-f]{4})|.)/g, (sequence, hex: string | undefined) =>
    hex === '0000' || (hex !== undefined && /^d[89a-f]/.test(hex)) ? REPLACEMENT : sequence,
  );
}
