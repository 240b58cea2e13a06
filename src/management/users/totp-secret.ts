/** Reads the secret of an authenticator app as callers and files write it. Never repeats it. */

/** 80 bits, the least that authenticator apps have ever used. Attack: a short secret is found by trying. */
export const SHORTEST_SECRET = 16;
export const LONGEST_SECRET = 256;

/** Returns the secret in capital letters without padding (RFC 4648 section 6); undefined for no base32 of that length. */
export function readTotpSecret(text: string): string | undefined {
  const [, letters = ''] = /^([A-Z2-7]+)={0,6}$/.exec(text.toUpperCase()) ?? [];
  return letters.length >= SHORTEST_SECRET && letters.length <= LONGEST_SECRET ? letters : undefined;
}
