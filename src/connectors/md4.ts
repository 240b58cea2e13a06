/**
 * MD4 (RFC 1320), which OpenSSL 3 no longer offers, for passwords imported from systems that used it. Never for
 * anything new: MD4 has been broken since 1995. Here argon2id over its result makes it safe (wrapped-hash.ts).
 */

const BLOCK_BYTES = 64;
/** Word order, shifts, and constant of each round (RFC 1320, section 3.4). */
const ROUNDS = [
  { add: 0, order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], shifts: [3, 7, 11, 19] },
  { add: 0x5a827999, order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15], shifts: [3, 5, 9, 13] },
  { add: 0x6ed9eba1, order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15], shifts: [3, 9, 11, 15] },
] as const;
const MIX = [
  (x: number, y: number, z: number) => (x & y) | (~x & z),
  (x: number, y: number, z: number) => (x & y) | (x & z) | (y & z),
  (x: number, y: number, z: number) => x ^ y ^ z,
] as const;

const turn = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits));

type State = readonly [number, number, number, number];

function compress(state: State, block: Buffer): State {
  let [a, b, c, d] = state;
  for (const [round, { add, order, shifts }] of ROUNDS.entries()) {
    const mix = MIX[round] ?? MIX[0];
    for (const [step, word] of order.entries()) {
      const sum = (a + mix(b, c, d) + block.readUInt32LE(word * 4) + add) | 0;
      [a, b, c, d] = [d, turn(sum, shifts[step % 4] ?? 0), b, c];
    }
  }
  return [(state[0] + a) | 0, (state[1] + b) | 0, (state[2] + c) | 0, (state[3] + d) | 0];
}

/** Computes the MD4 digest (RFC 1320), which has 16 bytes. */
export function md4(input: Uint8Array): Buffer {
  const padded = Buffer.alloc(Math.ceil((input.length + 9) / BLOCK_BYTES) * BLOCK_BYTES);
  padded.set(input);
  padded[input.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(input.length) * 8n, padded.length - 8);
  let state: State = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let at = 0; at < padded.length; at += BLOCK_BYTES)
    state = compress(state, padded.subarray(at, at + BLOCK_BYTES));
  const result = Buffer.alloc(16);
  for (const [index, word] of state.entries()) result.writeInt32LE(word, index * 4);
  return result;
}

/** Computes HMAC (RFC 2104) with MD4. */
export function hmacMd4(key: Uint8Array, input: Uint8Array): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? md4(key) : key);
  const inner = md4(Buffer.concat([block.map((byte) => byte ^ 0x36), input]));
  return md4(Buffer.concat([block.map((byte) => byte ^ 0x5c), inner]));
}
