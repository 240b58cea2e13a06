/**
 * A migrated database of its own for a test file, and pictures of everything in it. A picture covers every table that the
 * catalogue knows, so a table added tomorrow is compared tomorrow: "nothing is left" is never a chosen list.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { silentLog } from '../../src/storage/database/log.js';
import { createPool } from '../../src/storage/database/pool.js';

export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Ends the pool and removes the database. */
  drop(): Promise<void>;
}

async function runAsAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('adminDatabaseUrl') });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

function urlOf(database: string): string {
  const url = new URL(inject('adminDatabaseUrl'));
  url.pathname = `/${database}`;
  return url.href;
}

/** A new database: migrated, or with `template: 'empty'` without any table. */
export async function createTestDatabase(
  options: { template?: 'migrated' | 'empty'; maxConnections?: number } = {},
): Promise<TestDatabase> {
  const name = `vestibule_test_${randomBytes(8).toString('hex')}`;
  const template = options.template === 'empty' ? 'template0' : inject('templateDatabase');
  await runAsAdmin(`create database ${name} template ${template}`);
  const url = urlOf(name);
  const pool = createPool({ url, log: silentLog, maxConnections: options.maxConnections ?? 10 });
  let dropped = false;
  return {
    url,
    pool,
    async drop() {
      if (dropped) return;
      dropped = true;
      await pool.end();
      await runAsAdmin(`drop database ${name} with (force)`);
    },
  };
}

/** Table name to its rows, each as JSON text, sorted. */
export type Snapshot = Readonly<Record<string, readonly string[]>>;

/** Every row of every table of schema `public`, in one statement and so at one moment. */
export async function snapshotTables(pool: pg.Pool): Promise<Snapshot> {
  const tables = await pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind = 'r' order by c.relname`,
  );
  const snapshot: Record<string, string[]> = {};
  for (const { name } of tables.rows) snapshot[name] = [];
  if (tables.rows.length === 0) return snapshot;
  const parts = tables.rows.map(
    ({ name }) =>
      `select ${pg.escapeLiteral(name)} as "table", to_jsonb(t)::text as "row" from public.${pg.escapeIdentifier(name)} t`,
  );
  const rows = await pool.query<{ table: string; row: string }>(`${parts.join(' union all ')} order by 1, 2`);
  for (const { table, row } of rows.rows) snapshot[table]?.push(row);
  return snapshot;
}

export interface TableDifference {
  readonly added: readonly unknown[];
  readonly removed: readonly unknown[];
}

/** Tables that differ and their rows that came and went (parsed JSON; a changed row is in both); `{}` when nothing changed. */
export function diffSnapshots(before: Snapshot, after: Snapshot): Record<string, TableDifference> {
  const difference: Record<string, TableDifference> = {};
  for (const table of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const added = without(after[table] ?? [], before[table] ?? []);
    const removed = without(before[table] ?? [], after[table] ?? []);
    if (added.length > 0 || removed.length > 0) difference[table] = { added, removed };
  }
  return difference;
}

/** `rows` minus `others`, each copy counted (a table may lack a key). */
function without(rows: readonly string[], others: readonly string[]): unknown[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.flatMap((row) => {
    const count = left.get(row) ?? 0;
    if (count === 0) return [JSON.parse(row)];
    left.set(row, count - 1);
    return [];
  });
}
