/**
 * Runs an operation of the Management API for a command of this server, with its log line, so a command can do nothing
 * that a script cannot. Checks no rights: everybody who can run the command has access to the database anyway.
 */
import type { DirectoryStore } from '../ports/directory.js';
import type { ManagementDeps } from './api/deps.js';
import type { Call, Operation, Wire } from './api/operation.js';
import { runWrite } from './api/run-write.js';

export interface CommandCall {
  /** Subject of the log line, for example `command|operator`. */
  readonly subject: string;
  /** The name of the person who ran the command, if known. */
  readonly by?: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly now: Date;
  /** Runs in the transaction before the write. Throws when the data that the command has read changed meanwhile. */
  readonly check?: Parameters<typeof runWrite>[3]['check'];
}

/**
 * Runs one write of the Management API. Its mail is queued in the transaction of the write, and nothing is woken: a
 * server on the same database sends it when it next looks. Throws {@link ManagementError}.
 */
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
  const options = { url: `/api/v2${path}`, ...(check && { check }) };
  const reply = await runWrite({ ...deps, onMailQueued() {} }, operation, call, options);
  return (reply.body ?? {}) as Wire;
}

/** Returns the one operation with this method and this end of its path. Throws if there is none. */
export function getOperation(operations: readonly Operation[], method: Operation['method'], end = ''): Operation {
  const found = operations.find((operation) => operation.method === method && operation.path.endsWith(end));
  if (found === undefined) throw new TypeError(`no operation ${method} …${end}`);
  return found;
}
