/**
 * Reads the address of the database, and user and password of any address. Errors never repeat an address, because it
 * may hold a password. Opens no connection; only config.ts calls this.
 */
import { StartError } from '../kernel/errors.js';
import type { Environment } from './environment.js';

/** The end of a sentence that refuses an address. */
export const IN_URLS = 'with user and password percent-encoded (%40 for @, %2F for /, %23 for #, %3F for ?)';

/** True when user and password are percent-encoded UTF-8. With `isLenient`, a single percent sign is literal. */
export function hasReadableUser({ username, password }: URL, isLenient: boolean): boolean {
  try {
    for (const text of [username, password])
      decodeURIComponent(isLenient ? text.replace(/%(?![0-9a-f]{2})/gi, '%25') : text);
    return true;
  } catch {
    return false;
  }
}

/** This server writes, so readiness and start demand these of the database in any case. Other values contradict that. */
const WRITABLE_SESSIONS = new Set(['read-write', 'primary']);

/** True when the parameter `port`, which overrides that of the address, is absent or a port. */
function hasReadablePort({ searchParams }: URL): boolean {
  const port = searchParams.get('port');
  return !port || (/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536);
}

/** Refuses what libpq takes in an address and the driver does not: it would read several hosts as one strange name. */
function refuseSeveralHosts(text: string): void {
  const [, hosts = '', query = ''] = /^postgres(?:ql)?:\/\/(?:[^/?#]*@)?([^/?#]*)[^?#]*(?:\?([^#]*))?/.exec(text) ?? [];
  const parameters = new URLSearchParams(query);
  const named = ['host', 'hostaddr', 'port'].map((name) => parameters.get(name) ?? '');
  if ([hosts, ...named].some((one) => one.includes(',')))
    throw new StartError(
      'DATABASE_URL names several hosts: it takes one address, which has to lead to the primary at any time (HAProxy, PgBouncer, a virtual address, or the address of the database service for writes)',
    );
  const wanted = parameters.get('target_session_attrs');
  if (wanted !== null && !WRITABLE_SESSIONS.has(wanted))
    throw new StartError(
      'DATABASE_URL has a target_session_attrs that this server cannot use: it writes, so it takes read-write, primary, or none',
    );
}

/**
 * Accepts every form of an address that the database driver accepts. An error does not repeat the address, because it
 * may hold a password.
 */
export function parseDatabaseUrl(env: Environment): string | undefined {
  const text = env.DATABASE_URL;
  if (!text) return undefined;
  refuseSeveralHosts(text);
  // The driver also accepts an address without a host, when `?host=` names the directory of a socket.
  const address = [text, text.replace('@/', '@socket/')].find((one) => URL.canParse(one));
  const url = /^postgres(ql)?:\/\//.test(text) && address !== undefined ? new URL(address) : undefined;
  if (url === undefined || !hasReadableUser(url, true) || !hasReadablePort(url))
    throw new StartError(
      `DATABASE_URL is not a PostgreSQL address: it takes postgres://user:password@host:5432/database, ${IN_URLS}`,
    );
  return text;
}
