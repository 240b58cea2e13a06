/** Resolves the network policy of a process: host names in the server's own configuration become addresses. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { NetworkPolicy } from '../protocol.js';
import type { ActionRunnerOptions } from './options.js';

async function resolve(host: string): Promise<readonly string[]> {
  const name = host.replace(/^\[|\]$/g, '');
  if (isIP(name) !== 0) return [name];
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch {
    // A name that does not resolve here does not resolve in the process either.
    return [];
  }
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address.replace(/%.*/, '')),
  );
}

/**
 * Returns all addresses of this machine if `address` is one of them, because a service on this machine can be reached
 * by each.
 */
function widen(address: string): readonly string[] {
  const own = ownAddresses();
  const isHere = /^127\.|^0\.0\.0\.0$|^::1?$/.test(address) || own.includes(address);
  return isHere ? ['127.0.0.0/8', '0.0.0.0', '::', '::1', ...own] : [address];
}

/**
 * Returns the network policy for a process that starts now. Names are resolved for each process: if the database moves,
 * processes that start later deny its new address.
 */
export async function resolvePolicy(options: ActionRunnerOptions): Promise<NetworkPolicy> {
  const origin = new URL(options.origin);
  const port = Number(origin.port) || (origin.protocol === 'https:' ? 443 : 80);
  const own = (await resolve(origin.hostname)).map((address) => [address, port] as const);
  const denied: [string, number][] = [];
  for (const endpoint of options.denied) {
    for (const address of await resolve(endpoint.host)) {
      for (const network of widen(address)) denied.push([network, endpoint.port]);
    }
  }
  return { own, allow: options.outboundAllow, local: ownAddresses(), denied };
}
