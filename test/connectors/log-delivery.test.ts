/** Deliveries of log streams over real HTTP: forms, signature, and endpoints that answer badly or not at all. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLogDelivery } from '../../src/connectors/log-delivery.js';
import { createOutboundFetch } from '../../src/connectors/outbound/fetch.js';
import { findHeaderProblem, type LogStreamSink } from '../../src/domain/log-stream.js';
import { systemClock } from '../../src/kernel/clock.js';
import type { LogRecord } from '../../src/ports/directory/logs.js';

interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const SECRET = 'ab'.repeat(32);
let received: Received[];
let respond: (response: ServerResponse) => void;
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
  respond(response);
});
let origin: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received = [];
  respond = (response) => response.writeHead(204).end();
});

const line = (logId: string) => ({ logId, date: new Date(0), type: 's', details: {} }) as unknown as LogRecord;
const sinkOf = (fields: Partial<LogStreamSink> = {}): LogStreamSink => ({
  endpoint: `${origin}/in?a=b`,
  contentType: 'application/json',
  format: 'JSONLINES',
  authorization: 'Bearer tok',
  headers: [{ header: 'X-Tenant', value: 'one' }],
  signingSecret: SECRET,
  ...fields,
});

function delivery(allow: readonly string[] = ['127.0.0.0/8'], limitMs = 500) {
  const fetch = createOutboundFetch({ allow, maxBytes: 1_000, timeoutMs: limitMs });
  return createLogDelivery({ fetch, limitMs, clock: systemClock, toLine: ({ type }) => ({ type }) });
}

/** The sample of the documentation (docs/guides/log-streams.md). */
function isGenuine(secret: string, header: string, body: string): boolean {
  const { t = '', v1 = '' } = Object.fromEntries(header.split(',').map((part) => part.split('=')));
  const expected = createHmac('sha256', secret).update(`${t}.${body}`).digest();
  const given = Buffer.from(v1, 'hex');
  const isFresh = Math.abs(Date.now() / 1000 - Number(t)) < 300;
  return isFresh && given.length === expected.length && timingSafeEqual(given, expected);
}

test('case=each-form-has-the-lines-in-auth0s-envelope', async () => {
  const lines = [line('1'), line('2')];
  const data = { type: 's' };
  expect(await delivery().deliver('lst_a', sinkOf(), lines)).toEqual({ kind: 'taken' });
  expect(received[0]?.body).toBe('{"log_id":"1","data":{"type":"s"}}\n{"log_id":"2","data":{"type":"s"}}\n');
  await delivery().deliver('lst_a', sinkOf({ format: 'JSONARRAY' }), lines);
  expect(JSON.parse(received[1]?.body ?? '')).toEqual([
    { log_id: '1', data },
    { log_id: '2', data },
  ]);
  const single = sinkOf({ format: 'JSONOBJECT' });
  expect(delivery().batchOf(single)).toBe(1);
  await delivery().deliver('lst_a', single, lines.slice(0, 1));
  expect(JSON.parse(received[2]?.body ?? '')).toEqual({ log_id: '1', data });
});

test('case=headers-are-sent-and-the-signature-fits-body-and-time', async () => {
  await delivery().deliver('lst_a', sinkOf({ contentType: 'application/x-ndjson' }), [line('1')]);
  const [{ path, headers, body } = { path: '', headers: {}, body: '' }] = received;
  expect(path).toBe('/in?a=b');
  expect(headers).toMatchObject({
    authorization: 'Bearer tok',
    'content-type': 'application/x-ndjson',
    'x-tenant': 'one',
    'vestibule-log-stream': 'lst_a',
  });
  const signature = String(headers['vestibule-signature']);
  expect(isGenuine(SECRET, signature, body)).toBe(true);
  expect(isGenuine(SECRET, signature, `${body} `)).toBe(false);
  expect(isGenuine('cd'.repeat(32), signature, body)).toBe(false);
  expect(
    isGenuine(
      SECRET,
      signature.replace(/t=(\d+)/, (_all, t) => `t=${Number(t) + 1}`),
      body,
    ),
  ).toBe(false);
});

test.each([500, 429, 404, 400])('case=an-answer-of-%i-is-a-failure', async (status) => {
  respond = (response) => response.writeHead(status).end('secret answer');
  expect(await delivery().deliver('lst_a', sinkOf(), [line('1')])).toEqual({
    kind: 'failed',
    reason: `the endpoint answered ${status}`,
  });
});

test('case=a-redirect-is-a-failure-and-is-not-followed', async () => {
  respond = (response) => response.writeHead(307, { location: `${origin}/elsewhere` }).end();
  expect(await delivery().deliver('lst_a', sinkOf(), [line('1')])).toMatchObject({ kind: 'failed' });
  expect(received.map(({ path }) => path)).toEqual(['/in?a=b']);
});

test('case=an-endpoint-that-hangs-or-answers-without-end-is-given-up', async () => {
  respond = () => {};
  expect(await delivery().deliver('lst_a', sinkOf(), [line('1')])).toMatchObject({ kind: 'failed' });
  respond = (response) => response.writeHead(200).end('x'.repeat(5_000));
  expect(await delivery().deliver('lst_a', sinkOf(), [line('1')])).toMatchObject({ kind: 'failed' });
});

test('case=a-private-address-is-not-reached-and-no-reason-names-a-secret', async () => {
  const end = await delivery([]).deliver('lst_a', sinkOf(), [line('1')]);
  expect(end).toMatchObject({ kind: 'failed', reason: expect.stringContaining('127.0.0.1') });
  expect(JSON.stringify(end)).not.toMatch(/tok|a=b/);
  expect(received).toEqual([]);
});

test('case=headers-that-would-change-the-request-are-refused', () => {
  for (const name of ['Host', 'Content-Length', 'transfer-encoding', 'Vestibule-Signature', 'Proxy-Authorization'])
    expect(findHeaderProblem(name, 'x'), name).toBeDefined();
  expect(findHeaderProblem('X-A: b', 'x')).toBeDefined();
  expect(findHeaderProblem('X-A', 'x\r\nHost: evil')).toBeDefined();
  expect(findHeaderProblem('X-A', 'Splunk 1234')).toBeUndefined();
});
