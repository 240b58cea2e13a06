/**
 * The claims of sign-ins that were tried in another window of this browser (the set-up pages), for trying a condition on them. They come from
 * page to page, stay in the memory of this one, and are sent nowhere but to the question what a condition makes of them.
 */
import { useSyncExternalStore } from 'react';

export interface LastTry {
  readonly connectionId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly email?: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Undefined for anything but a try: the question of another console comes the same way. */
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

/** Hears of tries from now on, and of those whose result is still shown. */
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

/** The last try of a connection, if there was one in this browser since the console was opened. */
export const useLastTry = (connectionId: string): LastTry | undefined =>
  useSyncExternalStore(subscribe, () => tries.get(connectionId));
