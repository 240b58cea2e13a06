/**
 * Signing keys for the servers of tests. An RSA key pair costs a fifth of a second of processor time, so the servers of one process take
 * turns; two that run at the same moment never have the same one.
 */
import type pg from 'pg';
import { type Clock, systemClock } from '../../src/kernel/clock.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import type { StoredSigningKey } from '../../src/ports/signing-key-store.js';
import { sealSigningKey } from '../../src/storage/secrets/signing-key-store.js';
import { makeSigningKey } from '../../src/tokens/signing-keys.js';

const free: StoredSigningKey[] = [];

/** Writes a key into a new database, as its first start would. Returns the function that gives the key back. */
export async function lendSigningKey(
  pool: pg.Pool,
  secretKey: Buffer,
  clock: Clock = systemClock,
): Promise<() => void> {
  const pair = free.pop() ?? (await makeSigningKey(clock, systemEntropy));
  const box = createSecretBox(secretKey, 'rows', systemEntropy);
  const row = sealSigningKey(box, { ...pair, createdAt: clock.now() });
  await pool.query(
    'insert into signing_keys (kid, public_jwk, private_key_sealed, created_at) values ($1, $2, $3, $4)',
    [row.kid, row.public_jwk, row.private_key_sealed, row.created_at],
  );
  return () => void free.push(pair);
}
