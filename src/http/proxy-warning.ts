/**
 * Warns once about a proxy that is not among the trusted ones. Its forwarding header is ignored: limits then count
 * everybody who comes through it as one person, and the log shows the proxy's address. Anybody may send such a header,
 * so it is never trusted, and only a few senders are named.
 */
import type { FastifyRequest } from 'fastify';
import { createMatcher } from '../kernel/networks.js';

interface ProxyWarningLog {
  warn(fields: object, message: string): void;
}

/** Maximum number of peers that are named in the log: strangers who reach the server directly must not fill it. */
const MOST_PEERS = 5;

/**
 * Returns the name of the header in which a proxy names its client: Forwarded (RFC 7239) or the older X-Forwarded-For.
 */
function findHeader({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  if (headers['x-forwarded-for'] !== undefined) return 'X-Forwarded-For';
  return headers.forwarded === undefined ? undefined : 'Forwarded';
}

/** Creates the function that checks each request. `trustProxy` are the trusted addresses and networks. */
export function createProxyWarning(
  trustProxy: readonly string[],
  log: ProxyWarningLog,
): (request: Pick<FastifyRequest, 'headers' | 'socket'>) => void {
  const isTrusted = createMatcher(trustProxy);
  const told = new Set<string>();
  return (request) => {
    const header = findHeader(request);
    const peer = request.socket.remoteAddress ?? '';
    if (header === undefined || told.size >= MOST_PEERS || told.has(peer)) return;
    if (!isTrusted(peer)) {
      told.add(peer);
      log.warn(
        { peer, header },
        `a request says by ${header} for whom it comes, from a peer that is not trusted: it is ignored, and everybody who comes by this peer counts as one. If it is your proxy, set VESTIBULE_TRUST_PROXY to its address`,
      );
    } else if (header === 'Forwarded') {
      told.add(peer);
      log.warn(
        { peer, header },
        'a trusted proxy says by Forwarded for whom it asks: only X-Forwarded-For is read, so everybody who comes by it counts as one. Let it send that header too',
      );
    }
  };
}
