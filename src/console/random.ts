/**
 * Random values from the operator's browser, for a first password that nobody knows. Never used for anything by which
 * the server decides.
 */

const BYTES = 24;

/** Returns 192 random bits in hexadecimal digits. */
export function drawSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
