/**
 * Runs one write of the Management API, for requests and for this server's own pages: the preparation before the
 * transaction, then the write, its log line and its queued mail in one transaction. Checks no token: the caller has
 * done that.
 */
import type { Directory } from '../../ports/directory.js';
import type { ManagementDeps } from './deps.js';
import { toWriteLogEntry } from './log-line.js';
import { type Call, keyOf, type Operation, type Reply } from './operation.js';
import { checkAgainstSchema, checkStorable } from './validation.js';
import { refuseSettings } from './without-effect.js';

/**
 * Prepares a write; runs it in one transaction with its log line and its mail; then runs the reply's `after`. `url` is
 * for the log. `check` runs in that transaction before the write, and throws when the caller has lost the right to it.
 * Throws 400 for a setting that is refused here, before anything else.
 */
export async function runWrite(
  deps: Pick<ManagementDeps, 'directory' | 'entropy' | 'onMailQueued'>,
  operation: Operation,
  call: Omit<Call, 'directory'>,
  { url, check }: { readonly url: string; readonly check?: (directory: Directory) => Promise<void> },
): Promise<Reply> {
  refuseSettings(operation.path, call.body);
  const prepared = await operation.prepare?.({ ...call, directory: deps.directory });
  const reply = await deps.directory.transaction(async (directory) => {
    await check?.(directory);
    const answer = await operation.run({ ...call, directory }, prepared);
    const seen = {
      operation,
      caller: call.caller,
      now: call.now,
      params: call.params,
      body: call.body,
      url,
      reply: answer,
      ...call.from,
    };
    await directory.ledger.append(toWriteLogEntry(deps.entropy, seen));
    for (const mail of answer.mail ?? []) await directory.outbox.enqueue(mail, call.now);
    return answer;
  });
  if (reply.mail !== undefined && reply.mail.length > 0) deps.onMailQueued();
  await reply.after?.();
  return reply;
}

/** The person or ticket for whom a page of this server runs an operation; the log line names them. */
export interface Actor {
  /** Subject of the log line, for example `setup|sst_…`. */
  readonly subject: string;
  readonly ip: string;
  readonly userAgent: string | undefined;
}

/**
 * Runs one operation by its key (`patch /connections/{id}`). Returns the body of its answer. Throws {@link
 * ManagementError}.
 */
export type Invoke = (
  actor: Actor,
  key: string,
  request: {
    readonly params?: Readonly<Record<string, string>>;
    readonly query?: object;
    readonly body?: unknown;
    /** Scopes that the operation requires besides the one for its endpoint. */
    readonly scopes?: readonly string[];
  },
) => Promise<unknown>;

/**
 * Returns a function that runs operations for this server's pages. They are validated and logged like requests to the
 * Management API, so a page can do nothing that a script cannot.
 */
export function createInvoke(deps: ManagementDeps, operations: readonly Operation[]): Invoke {
  const byKey = new Map(operations.map((operation) => [keyOf(operation), operation]));
  return async ({ subject, ip, userAgent }, key, { params = {}, query = {}, body = {}, scopes = [] }) => {
    const operation = byKey.get(key);
    if (operation === undefined) throw new TypeError(`no operation ${key}`);
    checkStorable(params, 'path');
    checkStorable(body, 'body');
    checkAgainstSchema(key, 'body', body);
    const call: Omit<Call, 'directory'> = {
      caller: { clientId: '', subject, scopes: new Set(scopes) },
      now: deps.clock.now(),
      from: { ip, userAgent },
      params,
      query: query as Call['query'],
      body,
      paging: { mode: 'bare', request: { limit: 100 } },
    };
    const reads = operation.method === 'get' || operation.readsOnly === true;
    const reply = reads
      ? await operation.run({ ...call, directory: deps.directory })
      : await runWrite(deps, operation, call, { url: `/api/v2${fillPath(operation.path, params)}` });
    return reply.page ?? reply.body;
  };
}

function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}
