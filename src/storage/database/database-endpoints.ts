/** The database's host and port, which Actions must not reach. Opens no connection. */
import pg from 'pg';

/**
 * Returns host and port that the driver connects to, or nothing for a unix socket, which no Action can open. Accepts
 * every form that the driver accepts (`?host=` and `?port=` override the address's own, as in libpq).
 */
export function listDatabaseEndpoints(
  connectionString: string,
): readonly { readonly host: string; readonly port: number }[] {
  const { host, port } = new pg.Client({ connectionString });
  return host === '' || host.startsWith('/') ? [] : [{ host, port }];
}
