/** Randomness of the operator's browser, for a first password that nobody shall know. Never for anything that the server decides by. */

const BYTES = 24;

/** 192 bits in hexadecimal digits. */
export function drawSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
