/** The language that a browser asks for. It is only a hint: nothing but the language of texts may be decided by it. */

const MAX_CHARACTERS = 300;
/** A language tag as browsers send them (RFC 5646 section 2.1, loosely), and its weight (RFC 9110 section 12.4.2). */
const PREFERENCE = /^\s*([a-z]{2,3}(?:-[a-z0-9]{1,8}){0,3})\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?$/i;

/**
 * The language that an `Accept-Language` header (RFC 9110 section 12.5.4) prefers, as it is written there; undefined for a
 * header that is absent, names none, or is not one.
 */
export function preferredLanguage(header: string | undefined): string | undefined {
  let best: { readonly tag: string; readonly weight: number } | undefined;
  for (const item of (header ?? '').slice(0, MAX_CHARACTERS).split(',')) {
    const [, tag, weight = '1'] = PREFERENCE.exec(item) ?? [];
    if (tag !== undefined && Number(weight) > (best?.weight ?? 0)) best = { tag, weight: Number(weight) };
  }
  return best?.tag;
}
