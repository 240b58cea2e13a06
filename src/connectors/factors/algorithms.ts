/** The signature algorithms of credentials (IANA COSE registry), and the keys that fit them. Only data and their check. */

/** EdDSA, ES256, RS256, best first. */
export const ALGORITHMS: readonly number[] = [-8, -7, -257];

/** Members of a COSE key (RFC 9052 section 7, RFC 9053 section 7, RFC 8230 section 4). */
const [TYPE, CURVE_OR_MODULUS] = [1, -1];
export const ALGORITHM_OF_KEY = 3;

/** RSA: 2048 to 8192 bits. Longer keys only make the server compute. */
const MODULUS_BYTES = { min: 256, max: 1024 };

/** True if `key` is of the type, and on the curve, that its algorithm demands (WebAuthn section 5.8.5). */
export function isKeyOfAlgorithm(key: ReadonlyMap<unknown, unknown>): boolean {
  const [type, value] = [key.get(TYPE), key.get(CURVE_OR_MODULUS)];
  switch (key.get(ALGORITHM_OF_KEY)) {
    case -8:
      return type === 1 && value === 6;
    case -7:
      return type === 2 && value === 1;
    case -257: {
      const bytes = value instanceof Uint8Array ? value.length : 0;
      return type === 3 && bytes >= MODULUS_BYTES.min && bytes <= MODULUS_BYTES.max;
    }
    default:
      return false;
  }
}
