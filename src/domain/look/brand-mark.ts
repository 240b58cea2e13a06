/**
 * The mark of an organization: its logo, or the first letter of its name. Also removes line breaks, control characters
 * and links from a name. Pure. Never accepts an address that could run script or be fetched without encryption.
 */

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Returns the logo's address if it may be shown: https, or http on this machine (for trying things out). Attacks:
 * `javascript:` and `data:` addresses, and a logo over http, which tells a listener on the network who is signing in.
 */
export function parseLogoUrl(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2048 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return undefined;
  const allowed = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
  return allowed ? url.href : undefined;
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * Returns the first letter, digit or pictograph of `name`, in upper case if there is one; `·` if it has none. Takes a
 * whole grapheme, so flags, families, Hangul and combining marks are not cut.
 */
export function initialOf(name: string): string {
  for (const { segment } of graphemes.segment(name)) {
    if (!/[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(segment)) continue;
    const upper = segment.toUpperCase();
    // Keeps "ß" and "ﬁ", which would become two letters in upper case.
    return [...upper].length === [...segment].length ? upper : segment;
  }
  return '·';
}

/**
 * Returns `name` on one line, of at most `maxLength` graphemes: control characters and line breaks become spaces, and
 * marks that reverse the direction of the text are removed ("Trojan source", CVE-2021-42574).
 */
export function toOneLine(name: string, maxLength = 255): string {
  const line = name
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  const parts = [...graphemes.segment(line)];
  if (parts.length <= maxLength) return line;
  return `${parts
    .slice(0, maxLength - 1)
    .map((part) => part.segment)
    .join('')
    .trimEnd()}…`;
}

/**
 * Returns a name that no mail program turns into a link. Attack: invitations spread links by a name such as "Win at
 * https://evil.example", which mail programs make clickable.
 */
export function unlinked(name: string): string {
  return name.replace(/\b[a-z][a-z0-9+.-]*:\/\//gi, '').replace(/\.(?=\p{L})/gu, '.\u2060');
}
