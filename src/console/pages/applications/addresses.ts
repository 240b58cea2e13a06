/**
 * Checks the addresses of an application while they are typed. The messages are only advice, since the server decides.
 * Pure.
 */
import type { AppType } from './answers.js';

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\]|.+\.localhost)$/;

export interface AddressRule {
  readonly kind: AppType | undefined;
  /** True if the address may have only scheme, host and port. */
  readonly isOrigin?: boolean;
}

/** Splits the text of a field into addresses, one per line. */
export const toLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Returns a message about what is wrong with an address; undefined if it seems right. */
export function findProblem(address: string, { kind, isOrigin = false }: AddressRule): string | undefined {
  if (address.includes('*')) return `${address}: wildcards are not supported. Addresses must match exactly.`;
  if (!URL.canParse(address))
    return `${address}: write the full address, for example https://app.example.com/callback.`;
  const url = new URL(address);
  if (url.hash !== '') return `${address}: remove # and everything after it. Browsers never send that part.`;
  if (isOrigin && (url.pathname !== '/' || url.search !== '' || address.endsWith('/')))
    return `${address}: write only scheme, host and port: ${url.origin}.`;
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    return `${address}: use https. With http, others on the network can read the answer. Only localhost may use http.`;
  if (!['https:', 'http:'].includes(url.protocol) && kind !== 'native')
    return `${address}: only apps on a device can use their own scheme. Use https.`;
  return undefined;
}

/** Returns the messages about all addresses of a field as one text; undefined if there are none. */
export function findProblems(text: string, rule: AddressRule): string | undefined {
  const found = toLines(text).flatMap((line) => findProblem(line, rule) ?? []);
  return found.length === 0 ? undefined : found.join(' ');
}
