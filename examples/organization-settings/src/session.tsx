/** The signed-in administrator: their calls, and what their roles permit. Hooks to read and to change. */
import { createContext, useCallback, useContext, useEffect, useState } from 'react';
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
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('nobody is signed in');
  return session;
}

const toProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(0, 'The server cannot be reached.', [String(error)]);

/** Reads something when the page opens and after each change. Runs one change at a time, and keeps what to tell of it. */
export function usePart<T>(read: (call: Call) => Promise<T>) {
  const { call } = useSession();
  const [data, setData] = useState<T>();
  const [said, setSaid] = useState<Problem | string>();
  const [busy, setBusy] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page reads the same list all the time
  const load = useCallback(async (): Promise<Problem | undefined> => {
    try {
      setData(await read(call));
      return undefined;
    } catch (error) {
      return toProblem(error);
    }
  }, [call]);
  useEffect(() => void load().then((problem) => problem && setSaid(problem)), [load]);
  const run = async (work: () => Promise<string | undefined>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setSaid(undefined);
    const done = await work().catch(toProblem);
    const problem = await load();
    setSaid(done ?? problem);
    setBusy(false);
    return !(done instanceof Problem);
  };
  return { data, said, change: { busy, run } };
}

export type Change = ReturnType<typeof usePart>['change'];
