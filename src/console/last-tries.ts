/**
 * The claims of the last test sign-ins, on which a condition of auto-membership can be tested. The set-up pages make
 * test sign-ins in another window of this browser and send their claims over a broadcast channel. The claims stay in
 * this page's memory. They are sent to the server only when it evaluates a condition.
 */
import { useSyncExternalStore } from 'react';

export interface LastTry {
  readonly connectionId: string;
  /** Time of the test sign-in (ISO 8601). */
  readonly at: string;
  readonly email?: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Parses a message of the channel. Returns undefined for anything else, for example another console's request for past
 * ones.
 */
export function parseTry(message: unknown): LastTry | undefined {
  if (typeof message !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(message);
    if (!isRecord(value) || !isRecord(value.claims)) return undefined;
    const { connectionId, at, email, claims } = value;
    if (typeof connectionId !== 'string' || typeof at !== 'string') return undefined;
    return { connectionId, at, claims, ...(typeof email === 'string' && { email }) };
  } catch {
    return undefined;
  }
}

const tries = new Map<string, LastTry>();
const listeners = new Set<() => void>();
let channel: BroadcastChannel | undefined;

/** Receives new test sign-ins, and asks open set-up pages for those that they still show. */
export function listenForTries(): void {
  if (channel !== undefined) return;
  channel = new BroadcastChannel('vestibule-tries');
  channel.addEventListener('message', ({ data }) => {
    const found = parseTry(data);
    if (found === undefined) return;
    tries.set(found.connectionId, found);
    for (const listener of listeners) listener();
  });
  channel.postMessage('ask');
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Returns the last test sign-in of a connection; undefined if this browser made none since the console was opened. */
export const useLastTry = (connectionId: string): LastTry | undefined =>
  useSyncExternalStore(subscribe, () => tries.get(connectionId));
