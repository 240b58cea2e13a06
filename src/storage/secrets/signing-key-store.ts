/**
 * Signing keys in PostgreSQL. Private keys are sealed with the row's identity as context: useless in another row or
 * from a dump. Never updates a key: rotation adds rows, and deletes them when their tokens have expired.
 */
import type pg from 'pg';
import { Fault } from '../../kernel/errors.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { SigningKeyKeeper, SigningKeyStore, StoredSigningKey } from '../../ports/signing-key-store.js';
import { inTransaction, type Queryable, queryRows } from '../database/pool.js';

/** Advisory lock, so that two nodes that start at once create one key. The letters "keys". */
export const LOCK_KEY = 0x6b657973;

interface KeyRow {
  readonly kid: string;
  readonly public_jwk: Readonly<Record<string, unknown>>;
  readonly private_key_sealed: Buffer;
  readonly created_at: Date;
  readonly retired_at: Date | null;
}

function contextOf(kid: string): string {
  return `signing_keys:${kid}:private`;
}

/** Decrypts the private key of a row. Throws {@link Fault}. */
export function openSigningKey(box: SecretBox, row: KeyRow): StoredSigningKey {
  const privatePem = box.open(row.private_key_sealed, contextOf(row.kid));
  if (privatePem === undefined)
    throw new Fault(
      'crypto',
      `The signing key ${row.kid} does not open: the database was written with another VESTIBULE_SECRET_KEY. Start with that one.`,
      false,
    );
  return {
    kid: row.kid,
    publicJwk: row.public_jwk,
    privatePem,
    createdAt: row.created_at,
    retiredAt: row.retired_at ?? undefined,
  };
}

/** Returns the row of a new key, with its private key encrypted. */
export function sealSigningKey(box: SecretBox, key: StoredSigningKey) {
  return {
    kid: key.kid,
    public_jwk: JSON.stringify(key.publicJwk),
    private_key_sealed: box.seal(key.privatePem, contextOf(key.kid)),
    created_at: key.createdAt,
    retired_at: null,
  };
}

async function readKeys(db: Queryable, box: SecretBox): Promise<StoredSigningKey[]> {
  const rows = await queryRows<KeyRow>(
    db,
    'select kid, public_jwk, private_key_sealed, created_at, retired_at from signing_keys order by created_at, kid',
  );
  return rows.map((row) => openSigningKey(box, row));
}

async function insertKey(db: Queryable, box: SecretBox, key: StoredSigningKey): Promise<void> {
  const row = sealSigningKey(box, key);
  await queryRows(
    db,
    'insert into signing_keys (kid, public_jwk, private_key_sealed, created_at) values ($1, $2, $3, $4)',
    [row.kid, row.public_jwk, row.private_key_sealed, row.created_at],
  );
}

function hasSigner(keys: readonly StoredSigningKey[]): boolean {
  return keys.some((key) => key.retiredAt === undefined);
}

/** Returns the store of signing keys. `box`: the secret box for rows. */
export function createSigningKeyStore(pool: pg.Pool, box: SecretBox): SigningKeyStore {
  return {
    async ensureSigningKey(make) {
      const found = await readKeys(pool, box);
      if (hasSigner(found)) return found;
      // Created before the lock: 2048 bits may take a second, and nothing slow runs inside a transaction.
      const key = await make();
      return inTransaction(pool, async (client) => {
        await client.query('select pg_advisory_xact_lock($1)', [LOCK_KEY]);
        const now = await readKeys(client, box);
        if (hasSigner(now)) return now;
        await insertKey(client, box, key);
        return [...now, key];
      });
    },
  };
}

/**
 * Returns the methods for rotation. `box`: the secret box for rows. Throws {@link Fault} when the database failed or a
 * key does not open.
 */
export function createSigningKeyKeeper(pool: pg.Pool, box: SecretBox): SigningKeyKeeper {
  return {
    list: () => readKeys(pool, box),
    add: (key) => insertKey(pool, box, key),
    async remove(kid) {
      const gone = await queryRows(pool, 'delete from signing_keys where kid = $1 returning kid', [kid]);
      return gone.length > 0;
    },
  };
}
