/** The `sapi` line that every write of the Management API leaves in the log. Secrets, tokens, tickets and code of Actions are masked. */
import { type Entropy, newLogId } from '../../kernel/ids.js';
import type { LogEntry } from '../../ports/ledger.js';
import type { Caller } from '../api/deps.js';
import type { Operation, Reply } from '../api/operation.js';
import { present } from './wire.js';

const SECRET_NAMES =
  /^(client_secret|secret|password|pass|token|link_with|ticket|ticket_id|signing_secret|signing_key|decryptionKey|encryption_key|private_key|configuration|value_secret|secrets|code|httpAuthorization|httpCustomHeaders|smtp_pass)$/i;
const MASK = '*****';
/** Bytes of JSON beyond which a request body is not repeated in the log. */
const MAX_BODY = 16_384;

/** The same value with its secrets masked. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, SECRET_NAMES.test(name) && item !== null ? MASK : masked(item)]),
  );
}

export interface WriteSeen {
  readonly operation: Operation;
  readonly caller: Caller;
  readonly now: Date;
  readonly params: Readonly<Record<string, string>>;
  readonly url: string;
  readonly body: unknown;
  readonly reply: Reply;
  readonly ip: string;
  readonly userAgent: string | undefined;
}

function bodyForLog(body: unknown): unknown {
  if (body === undefined) return undefined;
  const safe = masked(body);
  return JSON.stringify(safe).length > MAX_BODY ? '(too long to be kept)' : safe;
}

/** The subject of the line: named by the operation, else taken from the path. */
function subjectOf(seen: WriteSeen): Pick<LogEntry, 'organizationId' | 'userId' | 'connectionId'> {
  const { path } = seen.operation;
  const fromPath = (start: string) => (path.startsWith(start) ? seen.params.id : undefined);
  const organizationId = seen.reply.log?.organizationId ?? fromPath('/organizations/{id}');
  const userId = seen.reply.log?.userId ?? fromPath('/users/{id}') ?? seen.params.user_id;
  const connectionId = seen.reply.log?.connectionId ?? fromPath('/connections/{id}');
  return {
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(userId === undefined ? {} : { userId }),
    ...(connectionId === undefined ? {} : { connectionId }),
  };
}

/** The name of an operator for people who read the log: an id alone tells nobody. */
function operatorOf({ subject, person }: Caller) {
  return person && { user: present({ user_id: subject, email: person.email, name: person.name }) };
}

/** The line for one write. Type codes are Auth0's: `sapi`, a successful call of the Management API. */
export function toWriteLogEntry(entropy: Entropy, seen: WriteSeen): LogEntry {
  const request = {
    method: seen.operation.method,
    path: seen.url.split('?')[0],
    body: bodyForLog(seen.body),
    auth: { subject: seen.caller.subject, client_id: seen.caller.clientId, ...operatorOf(seen.caller) },
  };
  return {
    logId: newLogId(entropy, seen.now),
    date: seen.now,
    type: 'sapi',
    description: seen.operation.summary,
    ...(seen.caller.clientId === '' ? {} : { clientId: seen.caller.clientId }),
    ip: seen.ip,
    ...(seen.userAgent === undefined ? {} : { userAgent: seen.userAgent.slice(0, 512) }),
    ...subjectOf(seen),
    details: { request, response: { statusCode: seen.operation.status }, ...seen.reply.log?.details },
  };
}
