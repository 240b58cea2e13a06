/**
 * The `sapi` log line of each write of the Management API. Shows only those values of a request's body that are known
 * to be harmless.
 */
import { type Entropy, newLogId } from '../../kernel/ids.js';
import type { LogEntry } from '../../ports/ledger.js';
import type { Caller } from '../api/deps.js';
import { keyOf, type Operation, type Reply, statusOf } from '../api/operation.js';
import { toShownBody } from './shown-values.js';
import { present } from './wire.js';
import { namesWithoutEffect } from './without-effect.js';

/** Maximum bytes of a request body in the log. */
const MAX_BODY = 16_384;

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

function bodyForLog({ operation, body }: WriteSeen): unknown {
  if (body === undefined) return undefined;
  const safe = toShownBody(keyOf(operation), body);
  return JSON.stringify(safe).length > MAX_BODY ? '(too long to be kept)' : safe;
}

/**
 * Returns the organization, user and connection that the line is about: named by the operation, otherwise by the path. A
 * member's write is about their organization, also where it changes a connection.
 */
function subjectOf(seen: WriteSeen): Pick<LogEntry, 'organizationId' | 'userId' | 'connectionId'> {
  const { path } = seen.operation;
  const fromPath = (start: string) => (path.startsWith(start) ? seen.params.id : undefined);
  const organizationId = seen.reply.log?.organizationId ?? fromPath('/organizations/{id}') ?? seen.caller.memberOf;
  const userId = seen.reply.log?.userId ?? fromPath('/users/{id}') ?? seen.params.user_id;
  const connectionId = seen.reply.log?.connectionId ?? fromPath('/connections/{id}');
  return {
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(userId === undefined ? {} : { userId }),
    ...(connectionId === undefined ? {} : { connectionId }),
  };
}

/** Returns an operator's address and name: an id alone says nothing to readers of the log. */
function operatorOf({ subject, person }: Caller) {
  return person && { user: present({ user_id: subject, email: person.email, name: person.name }) };
}

/** Returns the log line of one write. Its type is Auth0's code for a successful call of the Management API: `sapi`. */
export function toWriteLogEntry(entropy: Entropy, seen: WriteSeen): LogEntry {
  const without = namesWithoutEffect(seen.operation.path, seen.body, seen.reply);
  const request = {
    method: seen.operation.method,
    path: seen.url.split('?')[0],
    body: bodyForLog(seen),
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
    details: {
      request,
      response: { statusCode: statusOf(seen.operation) },
      ...(without.length === 0 ? {} : { without_effect: without }),
      ...seen.reply.log?.details,
    },
  };
}
