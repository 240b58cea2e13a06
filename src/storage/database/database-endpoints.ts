/** The host and port of the database, as the driver reads its address; no Action may reach them. Opens no connection. */
import pg from 'pg';

/**
 * Host and port that the driver connects to; none for a unix socket, which no Action can open. Takes every form that the driver takes
 * (`?host=` and `?port=` win over the address's own, as in libpq).
 */
export function listDatabaseEndpoints(
  connectionString: string,
): readonly { readonly host: string; readonly port: number }[] {
  const { host, port } = new pg.Client({ connectionString });
  return host === '' || host.startsWith('/') ? [] : [{ host, port }];
}
