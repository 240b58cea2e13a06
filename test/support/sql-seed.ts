/** Rows put into a database directly, past everything that the product would check. For tests only. */
import pg from 'pg';
import type { Change, HeldChange, Row, Seed } from '../conformance/login-store-world.js';

type Client = Pick<pg.Pool, 'query'>;

const name = (text: string): string => pg.escapeIdentifier(text);
const toParameter = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype
    ? JSON.stringify(value)
    : value;

function changesOn(client: Client): Change {
  const conditions = (where: Row, from: number) =>
    Object.keys(where)
      .map((column, index) => `${name(column)} = $${from + index + 1}`)
      .join(' and ');
  return {
    async insert(table, row) {
      const columns = Object.keys(row);
      const places = columns.map((_column, index) => `$${index + 1}`);
      await client.query(
        `insert into ${name(table)} (${columns.map(name).join()}) values (${places.join()})`,
        Object.values(row).map(toParameter),
      );
    },
    async update(table, where, row) {
      const sets = Object.keys(row).map((column, index) => `${name(column)} = $${index + 1}`);
      const values = [...Object.values(row), ...Object.values(where)].map(toParameter);
      const text = `update ${name(table)} set ${sets.join()} where ${conditions(where, sets.length)}`;
      const { rowCount } = await client.query(text, values);
      if (rowCount !== 1) throw new Error(`${table}: ${rowCount} rows instead of one`);
    },
    async remove(table, where) {
      const text = `delete from ${name(table)} where ${conditions(where, 0)}`;
      const { rowCount } = await client.query(text, Object.values(where));
      if (rowCount !== 1) throw new Error(`${table}: ${rowCount} rows instead of one`);
    },
  };
}

/** A seed over a pool; what is held takes a connection of its own. */
export function createSqlSeed(pool: pg.Pool): Seed {
  return {
    ...changesOn(pool),
    async hold(): Promise<HeldChange> {
      const client = await pool.connect();
      await client.query('begin');
      const end = async (word: string) => {
        await client.query(word).finally(() => client.release());
      };
      return { ...changesOn(client), commit: () => end('commit'), rollback: () => end('rollback') };
    },
  };
}
