/**
 * Learns which machines are servers of applications: those that get many tokens. Such a machine finishes the logins of
 * many people, who all wait for it. With the share of one person's machine its requests queue while the node is busy, and
 * logins fail that are already committed. Attack: a person who can sign in fetches tokens to get a larger share; it is
 * bounded, as is the number of such machines. Keeps addresses in memory only, for two minutes.
 */
import type { Sender } from '../kernel/fair-line.js';
import { networksOf } from '../kernel/networks.js';

/** Tokens within a window from which a machine counts as an application's server; no browser needs so many. */
const LEAST_TOKENS = 20;
const WINDOW_MS = 60_000;
/** Maximum number of machines that are counted, and of those that have the larger share. */
const MOST_COUNTED = 4_096;
const MOST_SERVERS = 32;

export class ApplicationServers {
  /** Tokens by machine in this window, and the servers found in it and in the one before. */
  #counts = new Map<string, number>();
  #servers = new Set<string>();
  #before: ReadonlySet<string> = new Set();
  #windowEndsMs = 0;

  /** Notes that the machine of this address got tokens. */
  noteTokens(address: string, atMs: number): void {
    this.#turn(atMs);
    const name = networksOf(address)[0]?.name ?? address;
    const count = (this.#counts.get(name) ?? 0) + 1;
    if (count > 1 || this.#counts.size < MOST_COUNTED) this.#counts.set(name, count);
    if (count >= LEAST_TOKENS && this.#servers.size < MOST_SERVERS) this.#servers.add(name);
  }

  /** Returns the senders as which a request of this address counts, the smallest first. */
  sendersOf(address: string, atMs: number): readonly Sender[] {
    this.#turn(atMs);
    const networks = networksOf(address);
    const [machine] = networks;
    if (machine === undefined || !(this.#servers.has(machine.name) || this.#before.has(machine.name))) return networks;
    return [{ name: `application ${machine.name}`, width: 'application' }];
  }

  #turn(atMs: number): void {
    if (atMs < this.#windowEndsMs) return;
    // After a pause of a whole window nobody is a server any more.
    this.#before = atMs < this.#windowEndsMs + WINDOW_MS ? this.#servers : new Set();
    this.#servers = new Set();
    this.#counts = new Map();
    this.#windowEndsMs = atMs + WINDOW_MS;
  }
}
