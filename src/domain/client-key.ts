/** The public keys that an application authenticates with (private_key_jwt): which kinds there are, and how many. Knows no endpoint. */

/** Auth0's list; no symmetric algorithm is in it, since the key is public. */
export const CLIENT_KEY_ALGORITHMS = ['RS256', 'RS384', 'PS256'] as const;
export type ClientKeyAlgorithm = (typeof CLIENT_KEY_ALGORITHMS)[number];

/** A key that checks the assertions of one application. */
export interface ClientKey {
  readonly kid: string;
  /** The only algorithm that the key may be used with. */
  readonly alg: ClientKeyAlgorithm;
  /** PEM of the SubjectPublicKeyInfo. */
  readonly publicKey: string;
  readonly expiresAt: Date | undefined;
}
