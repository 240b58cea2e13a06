/**
 * The public keys by which an application authenticates (private_key_jwt): the algorithms and the number. Knows no
 * endpoint.
 */

/** Auth0's list; without symmetric algorithms, since the key is public. */
export const CLIENT_KEY_ALGORITHMS = ['RS256', 'RS384', 'PS256'] as const;
export type ClientKeyAlgorithm = (typeof CLIENT_KEY_ALGORITHMS)[number];

/** A public key for the assertions of one application. */
export interface ClientKey {
  readonly kid: string;
  /** The only algorithm that the key may be used with. */
  readonly alg: ClientKeyAlgorithm;
  /** The public key: PEM of the SubjectPublicKeyInfo. */
  readonly publicKey: string;
  readonly expiresAt: Date | undefined;
}
