/** Formats a point in time for people. Always in UTC: the server does not know the reader's time zone. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** Returns `2 December 2026 at 13:05` in UTC, in `language` (a BCP 47 tag); in British English for `en`. */
export function formatMoment(at: Date, language: string): string {
  const locale = language === 'en' ? 'en-GB' : language;
  const known = formats.get(locale);
  const format = known ?? new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  if (known === undefined) formats.set(locale, format);
  return format.format(at);
}
