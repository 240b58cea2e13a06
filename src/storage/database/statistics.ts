/**
 * Analyses the tables that PostgreSQL's autovacuum leaves out. Autovacuum analyses a table after fifty changed rows at
 * the earliest. Tables of a few rows (the tenant, clients, connections) would never have statistics, and the planner
 * would assume thousands of rows. Changes no row and never waits for a lock.
 */
import type pg from 'pg';
import type { StorageLog } from './log.js';
import { queryRows } from './pool.js';

/**
 * Tables never analysed, and small tables changed since their last analysis. Analysing these takes a few milliseconds.
 */
const NEGLECTED = `
  select c.oid::regclass::text as name
  from pg_class c left join pg_stat_user_tables s on s.relid = c.oid
  where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
    and (c.reltuples < 0 or c.reltuples < 1000 and s.n_mod_since_analyze > 0)
  order by c.relname`;

/**
 * Analyses the neglected tables and returns their names. Skips locked tables until the next time, and logs a failure (a
 * role that owns no tables, a time limit): statistics only make things faster. Throws {@link Fault} when the catalogue
 * cannot be read.
 */
export async function analyzeNeglected(pool: pg.Pool, log: StorageLog): Promise<readonly string[]> {
  const tables = await queryRows<{ name: string }>(pool, NEGLECTED);
  for (const { name } of tables)
    await queryRows(pool, `analyze (skip_locked) ${name}`).catch((error: Error) =>
      log.warn({ table: name, reason: error.message }, 'a table could not be analysed'),
    );
  return tables.map(({ name }) => name);
}
