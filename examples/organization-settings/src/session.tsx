/** The signed-in administrator: their calls, and what their roles permit. Hooks to read and to change. */
import { createContext, use, useCallback, useEffect, useState } from 'react';
import { type Call, Problem, type Settings } from './api';

export interface Session {
  readonly settings: Settings;
  readonly userId: string;
  readonly call: Call;
  /** True if the token has this scope, without `:my_org`: `create:domains`. */
  readonly can: (scope: string) => boolean;
  /** Signs in again through one identity provider, to try it. */
  readonly tryOut: (connection: string, title: string) => void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === undefined) throw new Error('nobody is signed in');
  return session;
}

const toProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(0, 'The server cannot be reached.', [String(error)]);

/** A request of the API. */
export type Request = readonly [method: string, path: string, body?: unknown];

/** Reads something when the page opens and after each change. Sends one change at a time, and keeps what to tell of it. */
export function usePart<T>(read: (call: Call) => Promise<T>) {
  const { call } = useSession();
  const [data, setData] = useState<T>();
  const [said, setSaid] = useState<Problem | string>();
  const [busy, setBusy] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page reads the same list all the time
  const load = useCallback(() => read(call).then(setData).catch(toProblem), [call]);
  useEffect(() => void load().then((problem) => problem && setSaid(problem)), [load]);
  /** Returns whether it worked. `tell` gets the answer; it may throw a {@link Problem}. */
  const send = async <A,>(request: Request, tell: (answer: A) => string): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setSaid(undefined);
    const done = await call<A>(...request)
      .then(tell)
      .catch(toProblem);
    const problem = await load();
    setSaid(done ?? problem);
    setBusy(false);
    return !(done instanceof Problem);
  };
  return { data, said, change: { busy, send } };
}

export type Change = ReturnType<typeof usePart>['change'];
/** Where the buttons and forms of a part send their changes. */
export const ChangeContext = createContext<Change>({ busy: true, send: async () => false });
