/**
 * A private key as an administrator writes it: a PEM, or `{ key, cert }`, stored as JSON. Only checks that it can be
 * used.
 */
import { createPrivateKey } from 'node:crypto';

/** Returns the PEM of an RSA private key, and the unchecked `cert` beside it; undefined for anything else. */
export function findRsaKey(given: unknown): { readonly key: string; readonly cert: unknown } | undefined {
  let value: unknown = given;
  try {
    if (typeof given === 'string' && given.trimStart().startsWith('{')) value = JSON.parse(given);
    const pair = typeof value === 'string' ? { key: value } : (value as { key?: unknown; cert?: unknown } | null);
    if (typeof pair?.key !== 'string' || createPrivateKey(pair.key).asymmetricKeyType !== 'rsa') return undefined;
    return { key: pair.key, cert: 'cert' in pair ? pair.cert : undefined };
  } catch {
    return undefined;
  }
}
