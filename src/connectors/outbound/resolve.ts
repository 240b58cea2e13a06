/**
 * Resolves the names of servers that customers name. A silent name server must not delay other names. Node's `lookup`
 * cannot do that: it takes one of four pool threads, at most two for slow names, and keeps it after the caller has
 * given up. Checks no address: guarded-connect.ts does.
 */
import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { OutboundError } from './error.js';

/** Resolves a name to all its addresses; a parameter so that tests can act as a hostile name server. */
export type Resolve = (
  hostname: string,
  options: { all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

export interface ResolveSettings {
  /** Time limit for one name, in milliseconds. */
  readonly timeoutMs: number;
  /** Name servers (`address` or `address:port`) instead of the system's. */
  readonly nameServers?: readonly string[];
  /** File with names that are resolved without a name server (hosts(5)). */
  readonly hostsFile?: string;
  /** The system's own resolution, in a thread: search domains, mDNS and all other sources in nsswitch.conf(5). */
  readonly lookup?: Resolve;
}

const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];
/**
 * Time to wait for the other address family after one has answered: some name servers silently drop questions for IPv6.
 */
const OTHER_FAMILY_MS = 200;
/**
 * Errors after which the system's own resolution is asked: no such name, or no name server. A time-out is not among
 * them, since the question would occupy a thread.
 */
const NEGATIVE = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED']);

/** Finds the addresses of `name` in the text of a hosts file, in its order. */
export function findInHosts(text: string, name: string): LookupAddress[] {
  const found: LookupAddress[] = [];
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    if (names.includes(name)) found.push({ address, family: address.includes(':') ? 6 : 4 });
  }
  return found;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Asks for both address families at once. Undefined when the name server says that there is no such name; rejects when
 * none answered.
 */
async function askNameServers(resolver: Resolver, name: string): Promise<LookupAddress[] | undefined> {
  const ask = async (family: 4 | 6): Promise<LookupAddress[]> => {
    const addresses = await (family === 4 ? resolver.resolve4(name) : resolver.resolve6(name));
    return addresses.map((address) => ({ address, family }));
  };
  const families = [ask(4), ask(6)];
  const all = Promise.allSettled(families);
  try {
    await Promise.any(families);
  } catch {
    const reasons = (await all).map((settled) => (settled.status === 'rejected' ? settled.reason : undefined));
    const trouble = reasons.find((reason) => !NEGATIVE.has(codeOf(reason) ?? ''));
    if (trouble !== undefined) throw trouble;
    return undefined;
  }
  const timer = setTimeout(() => resolver.cancel(), OTHER_FAMILY_MS);
  const answers = await all;
  clearTimeout(timer);
  return answers.flatMap((settled) => (settled.status === 'fulfilled' ? settled.value : []));
}

/** Runs one call per key at a time; callers meanwhile get the same result. */
function createShared<T>() {
  const underWay = new Map<string, Promise<T>>();
  return (key: string, begin: () => Promise<T>): Promise<T> => {
    const known = underWay.get(key);
    if (known) return known;
    const begun = begin().finally(() => underWay.delete(key));
    underWay.set(key, begun);
    return begun;
  };
}

async function withinTime<T>(work: Promise<T>, timeoutMs: number, giveUp: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(giveUp()), timeoutMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Creates a {@link Resolve} that asks the hosts file, then the name servers over this process's own sockets (c-ares): a
 * silent server cannot block these, and a deadline can cancel them. The system's `lookup` is used only for a name
 * without a dot, or after a name server said no at once. Fails with an {@link OutboundError} when the time is up.
 */
export function createResolve(settings: ResolveSettings): Resolve {
  const { timeoutMs, nameServers, hostsFile = '/etc/hosts', lookup = systemLookup } = settings;
  const shared = createShared<LookupAddress[]>();
  // Shared while the thread runs, even beyond the deadline: a name without an answer takes one thread, not one per
  // login.
  const sharedThread = createShared<LookupAddress[]>();
  const askSystem = (name: string) =>
    sharedThread(
      name,
      () =>
        new Promise((resolve, reject) => {
          lookup(name, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
        }),
    );

  const find = async (name: string, resolver: Resolver): Promise<LookupAddress[]> => {
    const hosts = await readFile(hostsFile, 'utf8').catch(() => '');
    const known = findInHosts(hosts, name);
    if (known.length > 0) return known;
    // These names are never sent to a name server (RFC 6761 section 6.3).
    if (name === 'localhost' || name.endsWith('.localhost')) return [...LOOPBACK];
    const answered = name.includes('.') ? await askNameServers(resolver, name) : undefined;
    return answered ?? askSystem(name);
  };

  const resolveName = (name: string): Promise<LookupAddress[]> => {
    // One resolver for each name, since `cancel` ends all its questions. A new resolver also rereads the system's name
    // servers.
    const resolver = new Resolver({ timeout: Math.max(100, Math.ceil(timeoutMs / 4)), tries: 3 });
    if (nameServers) resolver.setServers([...nameServers]);
    return withinTime(find(name, resolver), timeoutMs, () => {
      resolver.cancel();
      return new OutboundError('timeout', `${name}: no name server answered within ${timeoutMs} ms`);
    });
  };

  return (hostname, _options, callback) => {
    const name = hostname.toLowerCase().replace(/\.$/, '');
    shared(name, () => resolveName(name)).then(
      (addresses) => callback(null, addresses),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), []),
    );
  };
}
