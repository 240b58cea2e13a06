/**
 * `/logs`: the log of logins and of API writes. `details.trace` and `details.reference` are additions to Auth0's lines.
 */
import type { LogRecord } from '../../ports/directory/logs.js';
import { badQuery, notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { ANY_OBJECT, listOf, openTo, replyOf, viewOf, wordOf } from '../api/wire.js';
import { parseLogQuery } from './log-query.js';

/** Schema of one line of a login's trace. */
export const TRACE_LINE = replyOf({
  stage: 'string',
  rule: 'string',
  answer: wordOf('pass', 'ask', 'refuse'),
  evidence: ANY_OBJECT,
});
const ACTION_REPORT = replyOf(
  {
    actionId: 'string',
    versionId: 'string',
    name: 'string',
    startedAt: 'number',
    durationMs: 'number',
    console: listOf('string'),
  },
  { error: replyOf({ name: 'string', message: 'string', stack: 'string' }) },
);
const ACTION_RUN = openTo(
  replyOf({ trigger: 'string', end: 'string', results: listOf(ACTION_REPORT) }, { reason: 'string' }),
);
const CALL = openTo(
  replyOf(
    { method: 'string', path: 'string' },
    {
      body: {},
      auth: openTo(
        replyOf(
          {},
          {
            subject: 'string',
            client_id: 'string',
            user: replyOf({}, { user_id: 'string', email: 'string', name: 'string' }),
          },
        ),
      ),
    },
  ),
);
/** Schema of a line's details. Each kind of line has other ones, so none is required. */
const DETAILS = openTo(
  replyOf(
    {},
    {
      code: 'string',
      check: 'string',
      detail: 'string',
      reference: 'string',
      email: 'string',
      reason: 'string',
      trace: listOf(TRACE_LINE),
      actions: listOf(ACTION_RUN),
      request: CALL,
      invitation: openTo(replyOf({}, { id: 'string', invitee: replyOf({ email: 'string' }) })),
      remedy: openTo(replyOf({}, { call: 'string', command: 'string', user_id: 'string' })),
    },
  ),
);
/** A line of the log in the JSON that Auth0's API and log streams show. */
export const LOG = viewOf<LogRecord>({
  _id: ['string', ({ logId }) => logId],
  log_id: ['string', ({ logId }) => logId],
  date: ['string', ({ date }) => date.toISOString()],
  type: ['string', ({ type }) => type],
  'description?': ['string', ({ description }) => description],
  'client_id?': ['string', ({ clientId }) => clientId],
  'client_name?': ['string', ({ clientName }) => clientName],
  'connection?': ['string', ({ connectionName }) => connectionName],
  'connection_id?': ['string', ({ connectionId }) => connectionId],
  'ip?': ['string', ({ ip }) => ip],
  'user_agent?': ['string', ({ userAgent }) => userAgent],
  'user_id?': ['string', ({ userId }) => userId],
  'user_name?': ['string', ({ userName }) => userName],
  'organization_id?': ['string', ({ organizationId }) => organizationId],
  'organization_name?': ['string', ({ organizationName }) => organizationName],
  details: [DETAILS, ({ details }) => details],
});

function parseNewestFirst(sort: unknown): boolean {
  if (sort === undefined || sort === '' || sort === 'date:-1') return true;
  if (sort === 'date:1') return false;
  throw badQuery("Query validation error: 'The log is sorted by date:1 or date:-1' on property sort.");
}

async function list(call: Call): Promise<Reply> {
  // SDKs send the query as `q`; Auth0's document calls it `search`.
  const text = call.query.q ?? call.query.search;
  const filter = typeof text === 'string' ? parseLogQuery(text) : {};
  const { limit, offset, count } = call.paging.request;
  const from = typeof call.query.from === 'string' && call.query.from !== '' ? call.query.from : undefined;
  // With `from`, returns the lines after that one, oldest first, as log collectors need them. With `take` alone,
  // returns the newest lines.
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
  return { page: { ...page, ...next, items: page.items.map(LOG.show) } };
}

/**
 * `/users/{id}/logs`: the lines about one user, newest first unless `sort` says otherwise. Lines may also exist for a
 * user who was deleted or never existed.
 */
async function listOfUser(call: Call): Promise<Reply> {
  const { limit, offset, count } = call.paging.request;
  const filter = { userId: call.params.id ?? '' };
  const page = await call.directory.logs.list(filter, {
    limit,
    newestFirst: parseNewestFirst(call.query.sort),
    count: count === true,
    ...(offset === undefined ? {} : { offset }),
  });
  return { page: { ...page, items: page.items.map(LOG.show) } };
}

/** Returns the operations on `/logs`. */
export function logOperations(): Operation[] {
  return [
    {
      method: 'get',
      path: '/logs',
      summary: 'Search the log',
      reply: LOG.schema,
      list: { key: 'logs', checkpoint: 'log-id', totals: 'with-length' },
      fields: true,
      run: list,
    },
    {
      method: 'get',
      path: '/users/{id}/logs',
      summary: 'List the lines of the log about a user',
      reply: LOG.schema,
      list: { key: 'logs', checkpoint: false, totals: 'with-length' },
      run: listOfUser,
    },
    {
      method: 'get',
      path: '/logs/{id}',
      summary: 'Get a line of the log',
      reply: LOG.schema,
      refusals: [404],
      async run(call) {
        const log = await call.directory.logs.find(call.params.id ?? '');
        if (log === undefined) throw notFound('The log does not exist.', 'inexistent_log');
        return { body: LOG.show(log) };
      },
    },
  ];
}
