/** Formats an instant for people. Never in a local time: the server does not know the reader's time zone. */

const FORMAT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** `2 December 2026 at 13:05 UTC`. */
export function formatInstant(at: Date): string {
  return `${FORMAT.format(at)} UTC`;
}
