/**
 * The public keys with which an application authenticates itself (private_key_jwt), and their algorithms. Knows no
 * endpoint.
 */

/** The algorithms of these keys, as on Auth0. Symmetric ones are missing, because the key is public. */
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
