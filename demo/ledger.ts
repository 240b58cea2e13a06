/**
 * Pictures of the whole database and the difference between two of them. Every table that the catalogue knows is in it, so
 * "nothing is left" is never a chosen list. Reads only, except the hour counters of attack protection (see forgetAttempts).
 */
import type { Server } from '../src/compose/server.js';

type Pool = Server['pool'];

/** Table name to its rows as JSON texts, each with how often it occurs. */
export type Snapshot = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface LedgerRow {
  readonly table: string;
  readonly before: number;
  readonly after: number;
  readonly added: readonly Readonly<Record<string, unknown>>[];
  readonly removed: readonly Readonly<Record<string, unknown>>[];
}

export interface LedgerLine {
  readonly table: string;
  readonly before: number;
  readonly after: number;
  /** Number of rows that still exist with other content. */
  readonly changed: number;
  /** Names of the columns that changed in these rows. */
  readonly columns: readonly string[];
}

function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function quoteName(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** For log lines the ids are enough to tell two snapshots apart: there are many, and they never change. */
function rowExpression(table: string): string {
  return table === 'logs' ? `jsonb_build_object('log_id', t.log_id, 'type', t.type)::text` : 'to_jsonb(t)::text';
}

/** Every row of every table of schema `public`, in one statement and so at one moment. */
export async function snapshot(pool: Pool): Promise<Snapshot> {
  const tables = await pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind = 'r' order by c.relname`,
  );
  const picture = new Map<string, Map<string, number>>(tables.rows.map(({ name }) => [name, new Map()]));
  const parts = tables.rows.map(
    ({ name }) =>
      `select ${quoteLiteral(name)} as "table", ${rowExpression(name)} as "row" from public.${quoteName(name)} t`,
  );
  const { rows } = await pool.query<{ table: string; row: string }>(parts.join(' union all '));
  for (const { table, row } of rows) {
    const counts = picture.get(table);
    counts?.set(row, (counts.get(row) ?? 0) + 1);
  }
  return picture;
}

const EMPTY: ReadonlyMap<string, number> = new Map();

/** Returns the rows of `of` that `without` lacks, each copy counted. */
function surplus(of: ReadonlyMap<string, number>, without: ReadonlyMap<string, number>): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  for (const [row, count] of of) {
    for (let copy = without.get(row) ?? 0; copy < count; copy += 1)
      found.push(JSON.parse(row) as Record<string, unknown>);
  }
  return found;
}

function total(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

/** Compares every table of either snapshot, changed or not, ordered by name. */
export function compare(before: Snapshot, after: Snapshot): readonly LedgerRow[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().map((table) => {
    const old = before.get(table) ?? EMPTY;
    const now = after.get(table) ?? EMPTY;
    return { table, before: total(old), after: total(now), added: surplus(now, old), removed: surplus(old, now) };
  });
}

/** Returns the columns that differ between a removed row and the row that replaced it. */
function changedColumns({ added, removed }: LedgerRow): string[] {
  const [now] = added;
  const [old] = removed;
  if (now === undefined || old === undefined || added.length !== 1 || removed.length !== 1) return [];
  return Object.keys(now).filter((name) => JSON.stringify(now[name]) !== JSON.stringify(old[name]));
}

/** Returns the numbers of each table without its rows. */
export function toLines(ledger: readonly LedgerRow[]): LedgerLine[] {
  return ledger.map((row) => ({
    table: row.table,
    before: row.before,
    after: row.after,
    changed: Math.min(row.added.length, row.removed.length),
    columns: changedColumns(row),
  }));
}

/** Returns only the tables in which a row was added, removed or changed. */
export function findChanged(ledger: readonly LedgerRow[]): LedgerLine[] {
  return toLines(ledger.filter(({ added, removed }) => added.length > 0 || removed.length > 0));
}

/**
 * Empties the counters of attempts. Mailed codes are limited to five an hour for each address, and a story that is
 * played repeatedly would reach that limit.
 */
export async function forgetAttempts(pool: Pool): Promise<void> {
  await pool.query('delete from attempt_counters');
}
