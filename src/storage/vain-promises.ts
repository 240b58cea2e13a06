/**
 * Finds settings that promise a protection which this server does not give (src/facts/without-effect.ts), for
 * `vestibule doctor`. They may have come with an import of a whole tenant. Reads only.
 */
import type pg from 'pg';
import { findAsked } from '../facts/without-effect.js';
import type { VainPromise } from '../ports/examiner.js';
import { queryRows } from './database/pool.js';

const READ_SETTINGS = `
select '/tenants/settings' as path, 'the tenant' as name, null as strategy, extra as settings from tenant
union all
select '/clients', 'the application ' || name, null, extra || jsonb_build_object('is_first_party', is_first_party)
  from clients
union all
select '/resource-servers', 'the API ' || identifier, null, extra from resource_servers
union all
select '/connections', 'the connection ' || name, strategy, jsonb_build_object('options', options) from connections
order by 1, 2`;

interface Row {
  readonly path: string;
  readonly name: string;
  readonly strategy: string | null;
  readonly settings: unknown;
}

/** Lists them, with the name of the thing that has each. */
export async function listVainPromises(pool: pg.Pool): Promise<readonly VainPromise[]> {
  const rows = await queryRows<Row>(pool, READ_SETTINGS, []);
  return rows.flatMap(({ path, name, strategy, settings }) =>
    findAsked(path, settings, strategy)
      .filter(({ promises }) => promises)
      .map(({ property, because }) => ({ of: name, property, because })),
  );
}
