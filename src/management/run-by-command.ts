/**
 * Runs an operation of the Management API for a command of this server, with its log line: a command can do nothing that a script cannot. Checks
 * nobody's rights: everybody who runs the command has the database.
 */
import type { DirectoryStore } from '../ports/directory.js';
import type { ManagementDeps } from './api/deps.js';
import type { Call, Operation, Wire } from './api/operation.js';
import { runWrite } from './api/run-write.js';

export interface CommandCall {
  /** In the log, in place of somebody's id: `command|operator`. */
  readonly subject: string;
  /** The name of the person at the shell, where it is known. */
  readonly by?: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly now: Date;
  /** Throws in the transaction and before the write, where what the command has read is no longer so. */
  readonly check?: Parameters<typeof runWrite>[3]['check'];
}

/** For writes that queue no mail, change no key and lift no limit. Throws {@link ManagementError}. */
export async function runByCommand(
  deps: Pick<ManagementDeps, 'entropy'> & { readonly directory: DirectoryStore },
  operation: Operation,
  { subject, by, params, body, now, check }: CommandCall,
): Promise<Wire> {
  const call: Omit<Call, 'directory'> = {
    caller: {
      clientId: '',
      subject,
      scopes: new Set(),
      ...(by !== undefined && { person: { email: undefined, name: by } }),
    },
    now,
    from: { ip: '', userAgent: undefined },
    params,
    query: {},
    body,
    paging: { mode: 'bare', request: { limit: 1 } },
  };
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const nothing = async () => {};
  const none = { signingKeys: { reload: nothing }, attempts: { forget: nothing } };
  const quiet = { onMailQueued() {}, onImportQueued() {}, ...none };
  const options = { url: `/api/v2${path}`, ...(check && { check }) };
  const reply = await runWrite({ ...deps, ...quiet }, operation, call, options);
  return (reply.body ?? {}) as Wire;
}

/** The only operation of this path, or this end of it, and method. */
export function getOperation(operations: readonly Operation[], method: Operation['method'], end = ''): Operation {
  const found = operations.find((operation) => operation.method === method && operation.path.endsWith(end));
  if (found === undefined) throw new TypeError(`no operation ${method} …${end}`);
  return found;
}
