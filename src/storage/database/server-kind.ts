/**
 * The kind of server that a database belongs to: an ordinary server, or a rehearsal tenant that imitates Auth0 (the
 * double, docs/auth0-double.md). The first server on a database claims it for its kind, permanently. Must never let the
 * other kind write. The double accepts any address as proved by the operator and keeps the accounts of refused
 * strangers. On a production database it would open real people's accounts to others.
 */
import { StartError } from '../../kernel/errors.js';
import { type Queryable, queryRows } from './pool.js';

/** The values of the column `tenant.server_kind`. */
export type ServerKind = 'vestibule' | 'auth0_double';

const ADVICE: Readonly<Record<ServerKind, string>> = {
  vestibule:
    'This database belongs to a rehearsal tenant: it was first used with --profile auth0. An ordinary server must not take over its data, because a rehearsal tenant keeps accounts that no rule admitted. Start it with --profile auth0, or point DATABASE_URL (or VESTIBULE_DATA_DIR) to another database.',
  auth0_double:
    'This database belongs to an ordinary Vestibule server. A rehearsal tenant (--profile auth0) must not use it, because it lets people in as Auth0 does, faults included. Start it without --profile, or point DATABASE_URL (or VESTIBULE_DATA_DIR) to an empty database.',
};

function checkOwner(kind: ServerKind, owner: string | null | undefined): void {
  if (typeof owner === 'string' && owner !== kind) throw new StartError(ADVICE[kind]);
}

/**
 * Throws {@link StartError} for a database of the other kind. Accepts an empty database and writes nothing: runs before
 * the migration.
 */
export async function checkServerKind(db: Queryable, kind: ServerKind): Promise<void> {
  const known = await queryRows(
    db,
    `select 1 from pg_attribute where attrelid = to_regclass('tenant') and attname = 'server_kind'`,
  );
  if (known.length === 0) return;
  const rows = await queryRows<{ owner: string | null }>(db, 'select server_kind as owner from tenant');
  checkOwner(kind, rows[0]?.owner);
}

/**
 * Claims a migrated database for this kind. Throws {@link StartError} when the other kind has it. When two start at
 * once, one wins.
 */
export async function claimServerKind(db: Queryable, kind: ServerKind): Promise<void> {
  await queryRows(db, 'update tenant set server_kind = $1 where server_kind is null', [kind]);
  await checkServerKind(db, kind);
}
