/** The signed-in administrator: their calls, and what their roles permit. Hooks to read and to change. */
import { createContext, useCallback, useContext, useEffect, useState } from 'react';
import { type Call, Problem, type Settings } from './api';

export interface Session {
  readonly settings: Settings;
  readonly organizationId: string;
  readonly userId: string;
  readonly call: Call;
  /** True if the token has this scope, without `:my_org`: `create:domains`. */
  readonly can: (scope: string) => boolean;
  /** Signs in again through one connection, to try it. */
  readonly tryOut: (connection: string) => void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('nobody is signed in');
  return session;
}

const toProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(0, 'The server cannot be reached.', [String(error)]);

/** Reads something when the page opens, and again after `reload`. */
export function useRead<T>(read: (call: Call) => Promise<T>) {
  const { call } = useSession();
  const [data, setData] = useState<T>();
  const [problem, setProblem] = useState<Problem>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page reads the same list all the time
  const reload = useCallback(async () => {
    try {
      setData(await read(call));
      setProblem(undefined);
    } catch (error) {
      setProblem(toProblem(error));
    }
  }, [call]);
  useEffect(() => void reload(), [reload]);
  return { data, problem, reload };
}

/** Runs changes one at a time, and keeps what to tell about the last one. */
export function useChange() {
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Problem | string>();
  const run = async (work: () => Promise<string | undefined>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setSaid(undefined);
    try {
      setSaid(await work());
      return true;
    } catch (error) {
      setSaid(toProblem(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, said, run };
}

export type Change = ReturnType<typeof useChange>;
