/** `/logs`: the login log. `details.trace` and `details.reference` are additions to Auth0's entries. */
import type { LogFilter, LogRecord } from '../../ports/directory/logs.js';
import { badQuery, notFound } from './errors.js';
import type { Call, Operation, Reply, Wire } from './operation.js';
import { present, replyOf } from './wire.js';

const MAX_QUERY = 500;
const FIELDS: Readonly<Record<string, Exclude<keyof LogFilter, 'types' | 'from' | 'to'>>> = {
  client_id: 'clientId',
  user_id: 'userId',
  connection_id: 'connectionId',
  organization_id: 'organizationId',
  ip: 'ip',
  reference: 'reference',
};

function toWire(log: LogRecord): Wire {
  return present({
    _id: log.logId,
    log_id: log.logId,
    date: log.date.toISOString(),
    type: log.type,
    description: log.description,
    client_id: log.clientId,
    client_name: log.clientName,
    connection: log.connectionName,
    connection_id: log.connectionId,
    ip: log.ip,
    user_agent: log.userAgent,
    user_id: log.userId,
    user_name: log.userName,
    organization_id: log.organizationId,
    organization_name: log.organizationName,
    details: log.details,
  });
}

function refuse(reason: string) {
  return badQuery(`Query validation error: '${reason}' on property q.`);
}

/** `type:s`, several joined by OR, and equality on a few fields joined by AND. */
function parseQuery(q: string): LogFilter {
  if (q.length > MAX_QUERY) throw refuse(`Longer than ${MAX_QUERY} characters`);
  const types: string[] = [];
  const rest: Record<string, string> = {};
  const term = /\s*(?:(AND|OR)\s+)?\(?\s*([a-z_]+):(?:"([^"]*)"|([^\s()"]+))\s*\)?\s*/y;
  while (term.lastIndex < q.length) {
    const match = term.exec(q);
    if (match === null)
      throw refuse(
        'Write type:s, joined by OR; or client_id, user_id, connection_id, organization_id, ip, reference with AND',
      );
    const [, operator, name = '', quoted, bare] = match;
    const value = quoted ?? bare ?? '';
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (name === 'type' && operator !== 'AND') types.push(value);
    else if (name === 'type' && types.length === 0) types.push(value);
    else if (field !== undefined && operator !== 'OR' && rest[field] === undefined) rest[field] = value;
    else throw refuse(`Cannot search the log by ${name} like this`);
  }
  return { ...rest, ...(types.length === 0 ? {} : { types }) };
}

function parseNewestFirst(sort: unknown): boolean {
  if (sort === undefined || sort === '' || sort === 'date:-1') return true;
  if (sort === 'date:1') return false;
  throw badQuery("Query validation error: 'The log is sorted by date:1 or date:-1' on property sort.");
}

async function list(call: Call): Promise<Reply> {
  // `q` is what clients send; Auth0's document calls it `search`.
  const text = call.query.q ?? call.query.search;
  const filter = typeof text === 'string' && text.trim() !== '' ? parseQuery(text.trim()) : {};
  const { limit, offset, count } = call.paging.request;
  const from = typeof call.query.from === 'string' && call.query.from !== '' ? call.query.from : undefined;
  // With `from`, the lines after that one, oldest first: how log collectors catch up. `take` alone, the newest ones.
  const collects = from !== undefined || call.query.take !== undefined;
  const page = await call.directory.logs.list(filter, {
    limit,
    newestFirst: collects ? from === undefined : parseNewestFirst(call.query.sort),
    count: count === true,
    ...(from === undefined ? {} : { afterLogId: from }),
    ...(offset === undefined ? {} : { offset }),
  });
  const last = from !== undefined && page.items.length === limit ? page.items.at(-1) : undefined;
  const next = last === undefined ? {} : { next: { createdAt: last.date, id: last.logId } };
  return { page: { ...page, ...next, items: page.items.map(toWire) } };
}

const REPLY = replyOf({ _id: 'string', log_id: 'string', date: 'string', type: 'string', details: 'object' });

/** The operations on `/logs`. */
export function logOperations(): Operation[] {
  return [
    {
      method: 'get',
      path: '/logs',
      summary: 'Search the log',
      status: 200,
      reply: REPLY,
      list: { key: 'logs', checkpoint: 'log-id', totals: 'with-length' },
      fields: true,
      refusals: [],
      run: list,
    },
    {
      method: 'get',
      path: '/logs/{id}',
      summary: 'Get a line of the log',
      status: 200,
      reply: REPLY,
      refusals: [404],
      async run(call) {
        const log = await call.directory.logs.find(call.params.id ?? '');
        if (log === undefined) throw notFound('The log does not exist.', 'inexistent_log');
        return { body: toWire(log) };
      },
    },
  ];
}
