/**
 * Builds the secret boxes, which encrypt (seal) and decrypt (open) values: one for each use of the secret key, such as
 * database rows or cookies.
 */
import type { Config } from '../config/config.js';
import type { Entropy } from '../kernel/ids.js';
import { createSecretBox, type SecretBox } from '../kernel/seal.js';
import { getSecretKey } from '../storage/secrets/secret-key.js';

export interface Boxes {
  readonly rows: SecretBox;
  readonly cookies: SecretBox;
  readonly tokens: SecretBox;
  readonly accessTokens: SecretBox;
  readonly tickets: SecretBox;
  readonly factors: SecretBox;
}

/** Creates the boxes. Throws {@link StartError} when there is no key. */
export function createBoxes(config: Config, entropy: Entropy): Boxes {
  const key = config.secretKey ?? getSecretKey(config.dataDir, entropy);
  const box = (purpose: string) => createSecretBox(key, purpose, entropy, config.formerSecretKeys);
  return {
    rows: box('rows'),
    cookies: box('cookies'),
    tokens: box('tokens'),
    accessTokens: box('access-tokens'),
    tickets: box('tickets'),
    factors: box('factors'),
  };
}
