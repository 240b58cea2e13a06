/**
 * Runs one write of the Management API, for requests and for this server's own pages: the preparation before the
 * transaction, then the write, its log line and its queued mail in one transaction. Checks no token: the caller has
 * done that.
 */
import { assert } from '../../kernel/assert.js';
import type { Directory } from '../../ports/directory.js';
import type { Caller, ManagementDeps } from './deps.js';
import { toWriteLogEntry } from './log-line.js';
import { type Call, keyOf, type Operation, type Reply } from './operation.js';
import { checkAgainstSchema, checkStorable } from './validation.js';
import { refuseSettings } from './without-effect.js';

/** One write: the operation, the request, and the address for the log. */
export interface Write {
  readonly operation: Operation;
  readonly call: Omit<Call, 'directory'>;
  readonly url: string;
  readonly bodyOf?: Invocation['bodyOf'];
}

/**
 * Runs `work`, the writes of one transaction, with that transaction's directory. Throws when the caller has lost the
 * right to them (before `work`), or when they go too far (after it): then nothing is written.
 */
export type Around = (directory: Directory, work: () => Promise<readonly Reply[]>) => Promise<readonly Reply[]>;

type WriteDeps = Pick<ManagementDeps, 'directory' | 'entropy' | 'onMailQueued'>;

async function runIn({ entropy }: WriteDeps, directory: Directory, { operation, call, url }: Write, prepared: unknown) {
  const reply = await operation.run({ ...call, directory }, prepared);
  const { caller, now, params, body, from } = call;
  const seen = { operation, caller, now, params, body, url, reply, ...from };
  await directory.ledger.append(toWriteLogEntry(entropy, seen));
  for (const mail of reply.mail ?? []) await directory.outbox.enqueue(mail, now);
  return reply;
}

function checkBody(operation: Operation, body: unknown): void {
  checkStorable(body, 'body');
  checkAgainstSchema(keyOf(operation), 'body', body);
}

/** Returns the write with the body that depends on the answers so far. */
function complete(write: Write, answers: readonly Reply[]): Write {
  if (write.bodyOf === undefined) return write;
  const body = write.bodyOf(answers.map((answer) => answer.body));
  refuseSettings(write.operation.path, body);
  checkBody(write.operation, body);
  return { ...write, call: { ...write.call, body } };
}

/**
 * Prepares writes; runs all of them in one transaction with their log lines and mail; then runs the replies' `after`.
 * Throws 400 for a setting that is refused here, before anything else.
 */
export async function runWrites(
  deps: WriteDeps,
  writes: readonly Write[],
  around: Around = (_directory, work) => work(),
): Promise<readonly Reply[]> {
  for (const { operation, call } of writes) refuseSettings(operation.path, call.body);
  const ready: (readonly [Write, unknown])[] = [];
  for (const write of writes) {
    const { operation, call } = write;
    ready.push([write, await operation.prepare?.({ ...call, directory: deps.directory })]);
  }
  const replies = await deps.directory.transaction((directory) =>
    around(directory, async () => {
      const answers: Reply[] = [];
      for (const [write, prepared] of ready)
        answers.push(await runIn(deps, directory, complete(write, answers), prepared));
      return answers;
    }),
  );
  if (replies.some(({ mail = [] }) => mail.length > 0)) deps.onMailQueued();
  for (const reply of replies) await reply.after?.();
  return replies;
}

/** Runs one write by {@link runWrites}. `check` runs in its transaction, before it. */
export async function runWrite(
  deps: WriteDeps,
  operation: Operation,
  call: Omit<Call, 'directory'>,
  { url, check }: { readonly url: string; readonly check?: (directory: Directory) => Promise<void> },
): Promise<Reply> {
  const [reply] = await runWrites(deps, [{ operation, call, url }], async (directory, work) => {
    await check?.(directory);
    return work();
  });
  assert(reply, 'one write has one reply');
  return reply;
}

/** The person or ticket for whom a page of this server runs an operation; the log line names them. */
export interface Actor {
  /** Subject of the log line, for example `setup|sst_…`. */
  readonly subject: string;
  readonly ip: string;
  readonly userAgent: string | undefined;
}

/** A request for an operation by its key (`patch /connections/{id}`). */
export interface Invocation {
  readonly key: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: object;
  readonly body?: unknown;
  /** Makes the body of the answers to the writes before it. Only for an operation that prepares nothing. */
  readonly bodyOf?: (answers: readonly unknown[]) => object;
}

/**
 * Runs one operation by its key (`patch /connections/{id}`). Returns the body of its answer. Throws {@link
 * ManagementError}.
 */
export type Invoke = (
  actor: Actor,
  key: string,
  request: Omit<Invocation, 'key'> & {
    /** Scopes that the operation requires besides the one for its endpoint. */
    readonly scopes?: readonly string[];
  },
) => Promise<unknown>;

/**
 * Runs writes for a member of an organization, all or none of them, with the log's `url`. Returns the bodies of their
 * answers. Throws {@link ManagementError}.
 */
export type InvokeWrites = (
  from: Call['from'],
  caller: Caller,
  url: string,
  invocations: readonly Invocation[],
  around: Around,
) => Promise<readonly unknown[]>;

/**
 * Returns functions that run operations for this server's pages and its API for organizations. They are validated and
 * logged like requests to the Management API, so a page can do nothing that a script cannot.
 */
export function createInvoke(
  deps: ManagementDeps,
  operations: readonly Operation[],
): { readonly invoke: Invoke; readonly invokeWrites: InvokeWrites } {
  const byKey = new Map(operations.map((operation) => [keyOf(operation), operation]));
  const toWrite = (from: Call['from'], caller: Caller, invocation: Invocation) => {
    const { key, params = {}, query = {}, body = {}, bodyOf } = invocation;
    const operation = byKey.get(key);
    if (operation === undefined) throw new TypeError(`no operation ${key}`);
    checkStorable(params, 'path');
    if (bodyOf === undefined) checkBody(operation, body);
    else assert(operation.prepare === undefined, `${key} prepares its write by the body`);
    const paging = { mode: 'bare', request: { limit: 100 } } as const;
    const call = { caller, now: deps.clock.now(), from, params, query: query as Call['query'], body, paging };
    return { operation, call, ...(bodyOf && { bodyOf }) };
  };
  return {
    async invoke({ subject, ...from }, key, { scopes = [], ...request }) {
      const caller = { clientId: '', subject, scopes: new Set(scopes) };
      const { operation, call } = toWrite(from, caller, { key, ...request });
      const reads = operation.method === 'get' || operation.readsOnly === true;
      const reply = reads
        ? await operation.run({ ...call, directory: deps.directory })
        : await runWrite(deps, operation, call, { url: `/api/v2${fillPath(operation.path, call.params)}` });
      return reply.page ?? reply.body;
    },
    async invokeWrites(from, caller, url, invocations, around) {
      const writes = invocations.map((invocation) => ({ ...toWrite(from, caller, invocation), url }));
      return (await runWrites(deps, writes, around)).map(({ body }) => body);
    },
  };
}

function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}
