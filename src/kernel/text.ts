/**
 * Text functions without regular expressions. A pattern for the end of a text, or for spaces around a part, starts
 * again at every character: `/\/+$/` took eight seconds for forty thousand slashes, and the server answered nobody
 * meanwhile. These functions read a text once.
 */

/** Returns `text` without the characters of `unwanted` at its end. */
export function trimEnding(text: string, unwanted: (character: string) => boolean): string {
  let end = text.length;
  while (end > 0 && unwanted(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** Joins the lines of `text` with spaces; leaves out empty lines. */
export function joinLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** Shortest secret that is removed: removing shorter ones would also remove parts of other words. */
const SHORTEST_SECRET = 4;

/**
 * Removes `secrets` from messages of other servers: a mail server may repeat the password that it refused, plainly or
 * in base64 as SMTP carries it (RFC 4954).
 */
export function hideSecrets(text: string, secrets: readonly (string | undefined)[]): string {
  const known = secrets.filter((secret) => secret !== undefined && secret.length >= SHORTEST_SECRET) as string[];
  const forms = known.flatMap((secret) => [secret, Buffer.from(secret).toString('base64').replaceAll('=', '')]);
  return forms.reduce((clean, form) => clean.replaceAll(form, '[hidden]'), text);
}
