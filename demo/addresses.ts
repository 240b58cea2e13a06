/**
 * Chooses the ports of the demo's servers, on loopback only. The preferred ports are 3000 and the five after it. The
 * next free port replaces one that is in use, except for the port that the variable PORT names.
 */
import { createServer } from 'node:net';
import { StartError } from '../src/kernel/errors.js';

/**
 * Origins without a trailing slash. All have the same host, so the browser treats them as one site and sends cookies in
 * frames.
 */
export interface Addresses {
  readonly vestibule: string;
  readonly application: string;
  readonly acmeIdp: string;
  readonly stage: string;
  readonly evilIdp: string;
  readonly globexIdp: string;
}

export type PartName = keyof Addresses;

const PARTS: readonly PartName[] = ['vestibule', 'application', 'acmeIdp', 'stage', 'evilIdp', 'globexIdp'];
const DEFAULT_PORT = 3000;
/** Farthest distance from the preferred port, so that the port stays easy to find. */
const MAX_DISTANCE = 200;

export interface Move {
  readonly part: PartName;
  readonly wanted: number;
  readonly got: number;
}

function isFreeOn(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'EADDRINUSE' && error.code !== 'EACCES'),
    );
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

/** Returns true if the port is free on both loopback addresses: for "localhost" a browser may try either. */
async function isFree(port: number): Promise<boolean> {
  return (await isFreeOn(port, '127.0.0.1')) && (await isFreeOn(port, '::1'));
}

async function findPort(wanted: number, taken: ReadonlySet<number>): Promise<number> {
  for (let port = wanted; port < wanted + MAX_DISTANCE && port <= 65_535; port += 1) {
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new StartError(`No free port between ${wanted} and ${wanted + MAX_DISTANCE}. Set PORT to another range.`);
}

/** Chooses the addresses. `port` is the checked text of PORT. Throws {@link StartError} if that port is in use. */
export async function chooseAddresses(port: string | undefined): Promise<{ addresses: Addresses; moves: Move[] }> {
  const first = port === undefined || port === '' ? DEFAULT_PORT : Number(port);
  if (first !== DEFAULT_PORT && !(await isFree(first)))
    throw new StartError(`PORT is ${first}: something else listens there. Stop it, or set PORT to a free port.`);
  if (port && first === DEFAULT_PORT && !(await isFree(first)))
    throw new StartError(`PORT is ${first}: something else listens there. Stop it, or leave PORT out.`);
  const wanted = new Map(PARTS.map((part, index) => [part, first + index]));
  const got = new Map<PartName, number>();
  for (const [part, port] of wanted) if (await isFree(port)) got.set(part, port);
  const moves: Move[] = [];
  // Numbers replacements after all preferred ports, so that a replacement takes no other part's port.
  for (const [part, port] of wanted) {
    if (got.has(part)) continue;
    const other = await findPort(first + PARTS.length, new Set(got.values()));
    got.set(part, other);
    moves.push({ part, wanted: port, got: other });
  }
  const origins = Object.fromEntries([...got].map(([part, port]) => [part, `http://localhost:${port}`]));
  return { addresses: origins as unknown as Addresses, moves };
}

/** Returns the port of an origin of the demo. */
export function portOf(origin: string): number {
  return Number(new URL(origin).port);
}
