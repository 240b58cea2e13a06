/**
 * Faults of the network and of the tenant, put on the requests of a rollout by the proxy before it. Every function arms the proxy and returns the
 * requests that met a fault. The token is never faulted: the first one of a command has little patience, on purpose.
 */
import type { ApiProxy, Passing, Treatment } from './api-proxy.js';
import { createDice } from './kill-rounds.js';

const now = () => Math.floor(Date.now() / 1000);

/** Those that any single request may meet. */
export const FAULTS: Readonly<Record<string, Treatment>> = {
  '429 without headers': { before: { status: 429, body: { message: 'Too many requests' } } },
  '429 with retry-after': { before: { status: 429, headers: { 'retry-after': '0' } } },
  '429 with a reset in the past': {
    before: { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now() - 60) } },
  },
  '502 before it was done': { before: { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>' } },
  '503 after it was done': { after: { status: 503, body: { message: 'try again' } } },
  '401 of an expired token': { before: { status: 401, body: { message: 'Expired token received' } } },
  'reset before': 'reset before',
  'reset after': 'reset after',
  'sent twice': 'twice',
  'torn body': 'torn',
  'half a body': 'half',
};

/** The Management API, and a connection's SCIM. */
const isApi = ({ path }: Passing) => path.startsWith('/api/') || path.startsWith('/scim/');

/** Every request meets `fault` once: the repetition of a request is another request, and passes. */
export function meetOnce(proxy: ApiProxy, fault: Treatment, which: 'all' | 'writes' = 'all'): readonly Passing[] {
  const met = new Set<string>();
  const hit: Passing[] = [];
  proxy.treat = (request) => {
    const key = `${request.method} ${request.path} ${request.body}`;
    const isMeant = isApi(request) && (which === 'all' || request.method !== 'GET');
    if (!isMeant || met.has(key)) return 'pass';
    met.add(key);
    hit.push(request);
    return fault;
  };
  return hit;
}

/** The first write to every path is done and never answered. */
export function silenceWritesOnce(proxy: ApiProxy): readonly Passing[] {
  const met = new Set<string>();
  const hit: Passing[] = [];
  proxy.treat = (request) => {
    if (request.method === 'GET' || !isApi(request) || met.has(request.path)) return 'pass';
    met.add(request.path);
    hit.push(request);
    return 'silence after';
  };
  return hit;
}

/** Every second read of a path is answered as the first one was. */
export function ageEverySecondRead(proxy: ApiProxy): readonly Passing[] {
  const reads = new Map<string, number>();
  const hit: Passing[] = [];
  proxy.treat = (request) => {
    if (request.method !== 'GET') return 'pass';
    const count = (reads.get(request.path) ?? 0) + 1;
    reads.set(request.path, count);
    if (count % 2 === 1) return 'pass';
    hit.push(request);
    return 'stale';
  };
  return hit;
}

/** One request in four meets one of `faults`. The seed repeats it. */
export function meetAtRandom(proxy: ApiProxy, faults: readonly Treatment[], seed: number): void {
  const dice = createDice(seed);
  proxy.treat = (request) => {
    if (!isApi(request) || dice() > 0.25) return 'pass';
    return faults[Math.floor(dice() * faults.length)] ?? 'pass';
  };
}
