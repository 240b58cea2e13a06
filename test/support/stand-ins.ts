/**
 * Providers whose addresses are fixed (Entra, Google), played on loopback. The server keeps their names: only its requests and those of the
 * test's browser are led to the player of a name.
 */
import type { OutboundFetch } from '../../src/connectors/outbound/fetch.js';

/** Beginning of a public address to the origin that plays it. */
const players = new Map<string, string>();

/** From now on addresses that begin with `publicUrl` are reached at `origin`; the returned function ends that. */
export function playedAt(publicUrl: string, origin: string): () => void {
  players.set(publicUrl, origin);
  return () => void players.delete(publicUrl);
}

/** Where an address is reached. */
export function reach(address: string | URL): string {
  const { href } = new URL(address);
  for (const [publicUrl, origin] of players) {
    if (href.startsWith(`${publicUrl}/`)) return origin + href.slice(publicUrl.length);
  }
  return href;
}

/** The outbound requests of a server or a connector, led to the players. */
export function reachStandIns(fetch: OutboundFetch): OutboundFetch {
  return Object.assign((url: string | URL, init?: Parameters<OutboundFetch>[1]) => fetch(reach(url), init), {
    close: () => fetch.close(),
  });
}
