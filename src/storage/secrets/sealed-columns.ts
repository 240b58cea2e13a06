/**
 * All sealed columns, each with the context for which it is sealed. A change of the secret key reseals the columns of
 * this list; a missing one would be lost with the former key (test/faults/key-rotation.test.ts compares the list with
 * the schema). Never shows a value.
 */
import type pg from 'pg';
import type { SecretBox } from '../../kernel/seal.js';
import type { SealedTally } from '../../ports/key-keeper.js';
import { queryRows } from '../database/pool.js';

type Row = Readonly<Record<string, unknown>>;

interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** Columns of the table's primary key, in order. */
  readonly key: readonly string[];
  /** Returns the additional data that is authenticated with the value: the row's identity. */
  readonly toContext: (row: Row) => string;
}

/**
 * All columns with encrypted values, in alphabetical order. An empty value counts as none: its content is no longer
 * needed.
 */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'action_jobs', column: 'event_sealed', key: ['id'], toContext: ({ id }) => `action_jobs:${id}` },
  {
    table: 'action_module_versions',
    column: 'secrets_sealed',
    key: ['module_id', 'id'],
    toContext: ({ id }) => `action_module_versions:${id}:secrets`,
  },
  {
    table: 'action_modules',
    column: 'secrets_sealed',
    key: ['id'],
    toContext: ({ id }) => `action_modules:${id}:secrets`,
  },
  {
    table: 'action_versions',
    column: 'secrets_sealed',
    key: ['action_id', 'id'],
    toContext: ({ id }) => `action_versions:${id}:secrets`,
  },
  { table: 'actions', column: 'secrets_sealed', key: ['id'], toContext: ({ id }) => `actions:${id}:secrets` },
  {
    table: 'clients',
    column: 'secret_sealed',
    key: ['client_id'],
    toContext: ({ client_id }) => `clients:${client_id}:secret`,
  },
  {
    table: 'connection_keys',
    column: 'private_key_sealed',
    key: ['connection_id', 'kid'],
    toContext: ({ connection_id, kid }) => `connection_keys:${connection_id}:${kid}:private`,
  },
  {
    table: 'connection_setups',
    column: 'candidate_sealed',
    key: ['organization_id', 'id'],
    toContext: ({ id }) => `connection_setups:${id}:candidate`,
  },
  { table: 'connections', column: 'secrets_sealed', key: ['id'], toContext: ({ id }) => `connections:${id}:secrets` },
  {
    table: 'cookie_overflow',
    column: 'content_sealed',
    key: ['key_hash'],
    toContext: ({ key_hash }) => `cookie_overflow:${(key_hash as Buffer).toString('hex')}`,
  },
  { table: 'email_provider', column: 'password_sealed', key: ['id'], toContext: () => 'email_provider:password' },
  {
    table: 'factors',
    column: 'secret_sealed',
    key: ['user_id', 'id'],
    toContext: ({ user_id, id }) => `factors:${user_id}:${id}`,
  },
  {
    table: 'invitations',
    column: 'ticket_sealed',
    key: ['organization_id', 'id'],
    toContext: ({ organization_id, id }) => `invitations:${organization_id}:${id}:ticket`,
  },
  { table: 'log_streams', column: 'secrets_sealed', key: ['id'], toContext: ({ id }) => `log_streams:${id}:secrets` },
  { table: 'outbox', column: 'body_sealed', key: ['id'], toContext: ({ id }) => `outbox:${id}` },
  {
    table: 'service_provider_keys',
    column: 'private_key_sealed',
    key: ['id'],
    toContext: ({ id }) => `service_provider_keys:${id}:private`,
  },
  {
    table: 'signing_keys',
    column: 'private_key_sealed',
    key: ['kid'],
    toContext: ({ kid }) => `signing_keys:${kid}:private`,
  },
  {
    table: 'user_import_errors',
    column: 'entry_sealed',
    key: ['job_id', 'position'],
    toContext: ({ job_id, position }) => `user_import_errors:${job_id}:${position}`,
  },
  { table: 'user_import_jobs', column: 'file_sealed', key: ['id'], toContext: ({ id }) => `user_import_jobs:${id}` },
];

/** Rows read at once: a file of an import takes half a megabyte. */
const BATCH = 20;

/** Yields the rows of a column in the order of their key, reading them in batches. */
async function* readColumn(
  pool: pg.Pool,
  { table, column, key }: SealedColumn,
): AsyncGenerator<Row & { sealed: Buffer }> {
  const names = key.join(', ');
  let after: readonly unknown[] = [];
  for (;;) {
    const places = after.map((_value, index) => `$${index + 1}`).join(', ');
    const rows = await queryRows<Row & { sealed: Buffer }>(
      pool,
      `select ${names}, ${column} as sealed from ${table}
        where octet_length(${column}) > 0 ${places === '' ? '' : `and (${names}) > (${places})`}
        order by ${names} limit ${BATCH}`,
      after,
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return;
    after = key.map((name) => last[name]);
  }
}

/** Replaces a value only if it has not changed since it was read: a server's newer value wins. */
async function replace(
  pool: pg.Pool,
  place: SealedColumn,
  row: Row & { sealed: Buffer },
  sealed: Buffer,
): Promise<boolean> {
  const { table, column, key } = place;
  const where = key.map((name, index) => `${name} = $${index + 3}`).join(' and ');
  const changed = await queryRows(
    pool,
    `update ${table} set ${column} = $1 where ${column} = $2 and ${where} returning true as done`,
    [sealed, row.sealed, ...key.map((name) => row[name])],
  );
  return changed.length > 0;
}

async function visit(
  pool: pg.Pool,
  box: SecretBox,
  place: SealedColumn,
  onFormer: (row: Row & { sealed: Buffer }, plain: Buffer) => Promise<boolean>,
): Promise<SealedTally> {
  const tally = { current: 0, former: 0, lost: 0 };
  for await (const row of readColumn(pool, place)) {
    const context = place.toContext(row);
    if (box.isCurrent(row.sealed, context)) {
      tally.current += 1;
      continue;
    }
    const plain = box.openBytes(row.sealed, context);
    if (plain === undefined) tally.lost += 1;
    else if (await onFormer(row, plain)) tally.current += 1;
    else tally.former += 1;
  }
  return { table: place.table, column: place.column, ...tally };
}

/** Counts the stored values by the key that opens them. Reads only. Throws {@link Fault} when the database failed. */
export async function countSealed(pool: pg.Pool, box: SecretBox): Promise<readonly SealedTally[]> {
  const tallies: SealedTally[] = [];
  for (const place of SEALED_COLUMNS) tallies.push(await visit(pool, box, place, async () => false));
  return tallies;
}

/**
 * Reseals with the current key the values that only a former key opens. Each row is a write of its own, so servers keep
 * running. A row that changed meanwhile counts as `former` until the next call. May be interrupted and called again.
 * Throws {@link Fault} when the database failed.
 */
export async function resealAll(pool: pg.Pool, box: SecretBox): Promise<readonly SealedTally[]> {
  const tallies: SealedTally[] = [];
  for (const place of SEALED_COLUMNS) {
    const onFormer = (row: Row & { sealed: Buffer }, plain: Buffer) =>
      replace(pool, place, row, box.seal(plain, place.toContext(row)));
    tallies.push(await visit(pool, box, place, onFormer));
  }
  return tallies;
}

/**
 * Returns the latest expiry of sessions, refresh tokens, tickets and invitations: until then browsers, applications and
 * mailboxes may hold something sealed before now. Undefined when there is none.
 */
export async function findLastEnd(pool: pg.Pool): Promise<Date | undefined> {
  const [row] = await queryRows<{ last: Date | null }>(
    pool,
    `select greatest(
       (select max(expires_at) from sessions), (select max(expires_at) from refresh_tokens),
       (select max(expires_at) from tickets), (select max(expires_at) from invitations)) as last`,
  );
  return row?.last ?? undefined;
}
