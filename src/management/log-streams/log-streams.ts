/**
 * `/log-streams`: sends the tenant's log to its endpoints. Only streams of type `http`. Never shows a header or a key
 * in a list, in the answer to a change, or in the log.
 */
import {
  findAuthorizationProblem,
  findHeaderProblem,
  type LogStream,
  type LogStreamSink,
} from '../../domain/log-stream.js';
import { newHexSecret, newId } from '../../kernel/ids.js';
import type { LogStreamChanges, NewLogStream } from '../../ports/directory/log-streams.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, conflict, ManagementError, notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { changed, listOf, replyOf, viewOf, wordOf } from '../api/wire.js';

interface SinkBody {
  readonly httpEndpoint: string;
  readonly httpAuthorization?: string;
  readonly httpContentFormat?: LogStreamSink['format'];
  readonly httpContentType?: string;
  readonly httpCustomHeaders?: readonly { readonly header?: string; readonly value?: string }[];
}

interface StreamBody {
  readonly name?: string;
  readonly type?: string;
  readonly status?: LogStream['status'];
  readonly isPriority?: boolean;
  readonly filters?: readonly { readonly type?: string; readonly name?: string }[];
  readonly pii_config?: unknown;
  readonly sink?: Partial<SinkBody>;
  readonly startFrom?: string;
}

const MAX_STREAMS = 10;
const MAX_HEADERS = 20;
/** Auth0's default content type. */
const CONTENT_TYPE = 'application/json';

const noStream = () => notFound('The log stream does not exist.');

/**
 * True for a caller who may send a stream to another endpoint. They could read its secrets there anyway, so they are
 * shown.
 */
const showsSecrets = (call: Call) => call.caller.scopes.has('update:log_streams');

interface ShownStream {
  readonly stream: LogStream;
  /** True only for a caller who may send the stream to another endpoint, and so could read the secrets there. */
  readonly withSecrets: boolean;
}

const SINK = viewOf<ShownStream>({
  httpEndpoint: ['string', ({ stream }) => stream.sink.endpoint],
  httpContentType: ['string', ({ stream }) => stream.sink.contentType],
  httpContentFormat: ['string', ({ stream }) => stream.sink.format],
  'httpAuthorization?': ['string', ({ stream, withSecrets }) => (withSecrets ? stream.sink.authorization : undefined)],
  'httpCustomHeaders?': [
    listOf(replyOf({ header: 'string', value: 'string' })),
    ({ stream: { sink }, withSecrets }) => (withSecrets && sink.headers.length > 0 ? sink.headers : undefined),
  ],
});

const TROUBLE = viewOf<NonNullable<LogStream['trouble']>>({
  since: ['string', ({ since }) => since.toISOString()],
  tries: ['integer', ({ tries }) => tries],
  'reason?': ['string', ({ reason }) => reason],
});

const STREAM = viewOf<ShownStream>({
  id: ['string', ({ stream }) => stream.id],
  name: ['string', ({ stream }) => stream.name],
  type: ['string', () => 'http'],
  status: [wordOf('active', 'paused', 'suspended'), ({ stream }) => stream.status],
  isPriority: ['boolean', ({ stream }) => stream.isPriority],
  filters: [
    listOf(replyOf({ type: 'string', name: 'string' })),
    ({ stream }) => stream.filters.map((name) => ({ type: 'category', name })),
  ],
  sink: [SINK.schema, SINK.show],
  'startFrom?': ['string', ({ stream }) => stream.startFrom?.toISOString()],
  'signing_secret?': ['string', ({ stream, withSecrets }) => (withSecrets ? stream.sink.signingSecret : undefined)],
  'trouble?': [TROUBLE.schema, ({ stream }) => stream.trouble && TROUBLE.show(stream.trouble)],
});

const toWire = (stream: LogStream, { withSecrets } = { withSecrets: false }) => STREAM.show({ stream, withSecrets });

function toHeaders(given: SinkBody['httpCustomHeaders']): LogStreamSink['headers'] {
  if ((given?.length ?? 0) > MAX_HEADERS) throw badBody(`httpCustomHeaders takes at most ${MAX_HEADERS} headers.`);
  return (given ?? []).map(({ header, value }) => {
    if (header === undefined || value === undefined)
      throw badBody('Each of httpCustomHeaders has a header and a value.');
    const problem = findHeaderProblem(header, value);
    if (problem !== undefined) throw badBody(`httpCustomHeaders: ${problem}.`);
    return { header, value };
  });
}

function toEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || /\s/.test(text)) throw badBody('httpEndpoint is no address.');
  // A password in the URL is refused, since every answer would show it. It belongs in httpAuthorization, which is
  // stored encrypted.
  if (url.username !== '' || url.password !== '')
    throw badBody('httpEndpoint has a password in it: use httpAuthorization.');
  return url.href;
}

/**
 * Returns the stream's target and its secrets. A request must always contain all of them. Attack: a caller who may
 * change a stream, but not read its secrets, has them sent to another endpoint.
 */
function toSink(body: Partial<SinkBody>, signingSecret: string): LogStreamSink {
  if (body.httpEndpoint === undefined)
    throw badBody("Payload validation error: 'Missing required property: httpEndpoint' on property sink.");
  const { httpAuthorization: authorization, httpContentType: contentType = CONTENT_TYPE } = body;
  const problem =
    (authorization !== undefined && findAuthorizationProblem(authorization)) ||
    findHeaderProblem('x-content-type', contentType)?.replace('x-content-type', 'httpContentType');
  if (problem) throw badBody(`${problem}.`);
  return {
    endpoint: toEndpoint(body.httpEndpoint),
    authorization: authorization === '' ? undefined : authorization,
    contentType,
    format: body.httpContentFormat ?? 'JSONLINES',
    headers: toHeaders(body.httpCustomHeaders),
    signingSecret,
  };
}

function toFilters(given: NonNullable<StreamBody['filters']>): readonly string[] {
  return given.map(({ type, name }) => {
    if (type !== 'category' || name === undefined) throw badBody('A filter has the type category and a name.');
    return name;
  });
}

/**
 * Throws 400 for masking, which this server does not do: somebody would expect masked lines and send out people's data.
 */
function refuseMasking(body: StreamBody): void {
  if (body.pii_config !== undefined)
    throw badBody('pii_config is not available on this server: lines are sent as GET /logs shows them.');
}

function toStart(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const date = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(date.getTime()))
    throw badBody('startFrom is no date of ISO 8601.');
  return date;
}

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as StreamBody;
  if (body.type !== 'http')
    throw new ManagementError(
      403,
      `This server sends its log to endpoints over HTTP alone (type http), not to ${body.type}.`,
      'feature_not_enabled',
    );
  refuseMasking(body);
  // Locks the tenant: otherwise two concurrent requests could both create the last permitted stream.
  await call.directory.locks.lock('tenant', []);
  if ((await call.directory.logStreams.list()).length >= MAX_STREAMS)
    throw conflict('You have reached the maximum number of log streams for your account.');
  const stream: NewLogStream = {
    id: newId(deps.entropy, 'lst'),
    name: body.name ?? 'HTTP',
    status: 'active',
    isPriority: body.isPriority ?? false,
    filters: toFilters(body.filters ?? []),
    sink: toSink(body.sink ?? {}, newHexSecret(deps.entropy)),
    startFrom: toStart(body.startFrom),
    createdAt: call.now,
  };
  await call.directory.logStreams.create(stream);
  return { body: toWire({ ...stream, trouble: undefined, updatedAt: call.now }, { withSecrets: true }) };
}

async function getStream(call: Call): Promise<LogStream> {
  const stream = await call.directory.logStreams.find(call.params.id ?? '');
  if (stream === undefined) throw noStream();
  return stream;
}

async function update(call: Call): Promise<Reply> {
  const body = call.body as StreamBody;
  refuseMasking(body);
  const { sink } = await getStream(call);
  if (body.status === 'suspended') throw badBody('status is active or paused: only the server suspends a stream.');
  const changes = changed<LogStreamChanges>({
    name: body.name,
    status: body.status,
    isPriority: body.isPriority,
    filters: body.filters && toFilters(body.filters),
    sink: body.sink && toSink(body.sink, sink.signingSecret),
  });
  const after = await call.directory.logStreams.update(call.params.id ?? '', changes, call.now);
  if (after === undefined) throw noStream();
  return { body: toWire(after) };
}

/** Returns the operations on `/log-streams`. */
export function logStreamOperations(deps: ManagementDeps): Operation[] {
  const path = '/log-streams';
  const one = { path: `${path}/{id}`, refusals: [404] as const };
  return [
    {
      method: 'get',
      path,
      summary: 'List log streams',
      reply: listOf(STREAM.schema),
      run: async (call) => ({ body: (await call.directory.logStreams.list()).map((stream) => toWire(stream)) }),
    },
    {
      method: 'post',
      path,
      summary: 'Create a log stream',
      reply: STREAM.schema,
      refusals: [409],
      run: (call) => create(deps, call),
    },
    {
      ...one,
      method: 'get',
      summary: 'Get a log stream',
      reply: STREAM.schema,
      run: async (call) => ({ body: toWire(await getStream(call), { withSecrets: showsSecrets(call) }) }),
    },
    { ...one, method: 'patch', summary: 'Update a log stream', status: 200, reply: STREAM.schema, run: update },
    {
      ...one,
      method: 'delete',
      summary: 'Delete a log stream',
      async run(call) {
        if (!(await call.directory.logStreams.delete(call.params.id ?? ''))) throw noStream();
        return {};
      },
    },
  ];
}
