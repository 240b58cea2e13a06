/** `/logs`: the login log. `details.trace` and `details.reference` are additions to Auth0's entries. */
import { parseEmail } from '../../domain/email.js';
import type { LogFilter, LogRecord } from '../../ports/directory/logs.js';
import { badQuery, notFound } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { present, replyOf } from '../api/wire.js';

const MAX_QUERY = 500;
type TextField = Exclude<keyof LogFilter, 'types' | 'from' | 'to'>;
const FIELDS: Readonly<Record<string, TextField>> = {
  client_id: 'clientId',
  user_id: 'userId',
  connection_id: 'connectionId',
  organization_id: 'organizationId',
  ip: 'ip',
  reference: 'reference',
};

/** A line as Auth0's API and log streams show it. */
export function toLogWire(log: LogRecord): Wire {
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

/** `date:[2026-01-01T00:00:00.000Z TO *]`: a range of time, both ends within it; `*` is no end. */
const RANGE = /date:\[([^\s[\]]{1,40}) TO ([^\s[\]]{1,40})\]/;
/** `name:value`, `name:"value"`, or a word by itself. */
const TERM = /([a-z_]+):(?:"([^"]*)"|([^\s()"]+))|"([^"]*)"|([^\s()"]+)/y;
const REFERENCE = /^V-[0-9A-Z]{4}-[0-9A-Z]{4}$/;
const HOW =
  'Write an address, a reference number, or type:s, joined by OR; or client_id, user_id, connection_id, organization_id, ip, reference, date:[… TO …] with AND';

interface Term {
  readonly operator: 'AND' | 'OR' | undefined;
  /** Undefined for a word by itself. */
  readonly name: string | undefined;
  readonly value: string;
}

function toTerms(q: string): readonly Term[] {
  const terms: Term[] = [];
  let operator: Term['operator'];
  for (let at = 0; at < q.length; ) {
    if (/[\s()]/.test(q.charAt(at))) {
      at += 1;
      continue;
    }
    TERM.lastIndex = at;
    const match = TERM.exec(q);
    if (match === null) throw refuse(HOW);
    at = TERM.lastIndex;
    const [, name, quoted, bare, quotedWord, word] = match;
    if ((word === 'AND' || word === 'OR') && operator === undefined) operator = word;
    else {
      terms.push({ operator, name, value: quoted ?? bare ?? quotedWord ?? word ?? '' });
      operator = undefined;
    }
  }
  if (operator !== undefined) throw refuse(HOW);
  return terms;
}

/** The field that a word by itself is searched in: people have at hand a number that was read out to them, or an address. */
function findFieldOfWord(word: string): { field: TextField; value: string } | undefined {
  if (REFERENCE.test(word.toUpperCase())) return { field: 'reference', value: word.toUpperCase() };
  const email = parseEmail(word);
  return email === undefined ? undefined : { field: 'address', value: email };
}

/** The instant at an end of a range. */
function parseEnd(text: string): Date | undefined {
  if (text === '*') return undefined;
  const date = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/.test(text) ? new Date(text) : undefined;
  if (date === undefined || Number.isNaN(date.getTime()))
    throw refuse(`${text} is no date such as 2026-01-31T23:59:59Z`);
  return date;
}

/** Takes the range of time out of a query that joins it with AND; the rest of the query is left. */
function cutRange(q: string): { readonly rest: string; readonly range: Pick<LogFilter, 'from' | 'to'> } {
  const found = RANGE.exec(q);
  if (found === null) return { rest: q, range: {} };
  const before = q.slice(0, found.index).replace(/ AND\s*$/, '');
  const after = q.slice(found.index + found[0].length).replace(/^\s*AND /, '');
  const joined = before === '' || after === '' ? `${before}${after}` : `${before} AND ${after}`;
  if (/ OR\s*$/.test(before) || /^\s*OR /.test(after) || RANGE.test(joined)) throw refuse(HOW);
  const from = parseEnd(found[1] ?? '');
  const to = parseEnd(found[2] ?? '');
  return { rest: joined, range: { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) } };
}

/** `type:s`, several joined by OR; equality on a few fields joined by AND; an address or a reference number as it is. */
function parseQuery(q: string): LogFilter {
  if (q.length > MAX_QUERY) throw refuse(`Longer than ${MAX_QUERY} characters`);
  const types: string[] = [];
  const rest: Record<string, string> = {};
  const { rest: text, range } = cutRange(q);
  for (const { operator, name, value } of toTerms(text)) {
    if (name === 'type' && (operator !== 'AND' || types.length === 0)) {
      types.push(value);
      continue;
    }
    const named = name !== undefined && Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    const found = name === undefined ? findFieldOfWord(value) : named && { field: named, value };
    if (found === undefined && name === undefined) throw refuse(HOW);
    if (found === undefined || operator === 'OR' || rest[found.field] !== undefined)
      throw refuse(`Cannot search the log by ${name ?? value} like this`);
    rest[found.field] = found.value;
  }
  return { ...rest, ...range, ...(types.length === 0 ? {} : { types }) };
}

function parseNewestFirst(sort: unknown): boolean {
  if (sort === undefined || sort === '' || sort === 'date:-1') return true;
  if (sort === 'date:1') return false;
  throw badQuery("Query validation error: 'The log is sorted by date:1 or date:-1' on property sort.");
}

async function list(call: Call): Promise<Reply> {
  // Clients send `q`; Auth0's document calls it `search`.
  const text = call.query.q ?? call.query.search;
  const filter = typeof text === 'string' && text.trim() !== '' ? parseQuery(text.trim()) : {};
  const { limit, offset, count } = call.paging.request;
  const from = typeof call.query.from === 'string' && call.query.from !== '' ? call.query.from : undefined;
  // With `from`, the lines after that one, oldest first: log collectors catch up that way. With `take` alone, the newest ones.
  const collects = from !== undefined || call.query.take !== undefined;
  const page = await call.directory.logs.list(filter, {
    limit,
    newestFirst: collects ? from === undefined : parseNewestFirst(call.query.sort),
    count: count === true,
    ...(from === undefined ? {} : { afterLogId: from }),
    ...(offset === undefined ? {} : { offset }),
  });
  const last = from !== undefined && page.items.length === limit ? page.items.at(-1) : undefined;
  const next = last === undefined ? {} : { next: { createdAt: last.date.toISOString(), id: last.logId } };
  return { page: { ...page, ...next, items: page.items.map(toLogWire) } };
}

/** `/users/{id}/logs`: the lines about one user, the newest first unless `sort` says otherwise. A user who does not exist (any more) may have some. */
async function listOfUser(call: Call): Promise<Reply> {
  const { limit, offset, count } = call.paging.request;
  const filter = { userId: call.params.id ?? '' };
  const page = await call.directory.logs.list(filter, {
    limit,
    newestFirst: parseNewestFirst(call.query.sort),
    count: count === true,
    ...(offset === undefined ? {} : { offset }),
  });
  return { page: { ...page, items: page.items.map(toLogWire) } };
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
      path: '/users/{id}/logs',
      summary: 'List the lines of the log about a user',
      status: 200,
      reply: REPLY,
      list: { key: 'logs', checkpoint: false, totals: 'with-length' },
      refusals: [],
      run: listOfUser,
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
        return { body: toLogWire(log) };
      },
    },
  ];
}
