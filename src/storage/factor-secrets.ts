/**
 * The stored secrets of authenticator apps, sealed one by one. User and factor are the additional data: a secret that is
 * moved to another person's row does not open. Never logs a secret.
 */
import { Fault } from '../kernel/errors.js';
import type { SecretBox } from '../kernel/seal.js';

const contextOf = (userId: string, id: string) => `factors:${userId}:${id}`;

/** Returns the value of the column `secret_sealed`. `secret`: in base32. */
export function sealFactorSecret(box: SecretBox, userId: string, id: string, secret: string): Buffer {
  return box.seal(secret, contextOf(userId, id));
}

/** Returns the secret of a factor in base32. Throws {@link Fault} when it does not open: another key, or another row. */
export function openFactorSecret(box: SecretBox, userId: string, id: string, sealed: Buffer): string {
  const secret = box.open(sealed, contextOf(userId, id));
  if (secret === undefined) throw new Fault('crypto', 'the secret of a factor does not open', false);
  return secret;
}
