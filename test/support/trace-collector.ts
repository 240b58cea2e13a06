/**
 * A collector of OpenTelemetry traces: keeps the spans that are posted to /v1/traces. Reads protobuf by the field numbers
 * of opentelemetry-proto's trace.proto, which no code of ours writes.
 */
import { createServer } from 'node:http';

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly name: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly links: readonly string[];
  readonly hasFailed: boolean;
}

type Fields = ReadonlyMap<number, readonly (Buffer | bigint)[]>;

/** Reads one message: variable-length numbers, eight and four bytes, and everything that has a length. */
function readFields(bytes: Buffer): Fields {
  const fields = new Map<number, (Buffer | bigint)[]>();
  let at = 0;
  const readVarint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = Number(readVarint());
    const kind = key & 7;
    const value = kind === 0 ? readVarint() : take(kind === 1 ? 8 : kind === 5 ? 4 : Number(readVarint()));
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}

const messages = (fields: Fields, number: number): Fields[] =>
  (fields.get(number) ?? []).map((value) => readFields(value as Buffer));
const bytesOf = (fields: Fields, number: number): Buffer => (fields.get(number)?.[0] as Buffer) ?? Buffer.alloc(0);

function readFacts(fields: Fields, number: number): Record<string, string | number> {
  const pairs = messages(fields, number).map((pair): [string, string | number] => {
    const [value] = messages(pair, 2);
    const text = value?.get(1)?.[0];
    const whole = value?.get(3)?.[0] ?? value?.get(2)?.[0];
    return [bytesOf(pair, 1).toString(), text === undefined ? Number(whole) : String(text)];
  });
  return Object.fromEntries(pairs);
}

function toSpan(span: Fields): CollectedSpan {
  const [status] = messages(span, 15);
  return {
    traceId: bytesOf(span, 1).toString('hex'),
    spanId: bytesOf(span, 2).toString('hex'),
    parentId: bytesOf(span, 4).toString('hex'),
    name: bytesOf(span, 5).toString(),
    facts: readFacts(span, 9),
    links: messages(span, 13).map((link) => bytesOf(link, 1).toString('hex')),
    hasFailed: status?.get(3)?.[0] === 2n,
  };
}

export interface TraceCollector {
  readonly spans: readonly CollectedSpan[];
  /** Facts of the program that sent them. */
  readonly resources: readonly Readonly<Record<string, string | number>>[];
  /** Everything that came, as text: a person's data in it is a leak. */
  readonly received: () => string;
  stop(): Promise<void>;
}

/** Listens on `port` of loopback. */
export async function startTraceCollector(port: number): Promise<TraceCollector> {
  const spans: CollectedSpan[] = [];
  const resources: Record<string, string | number>[] = [];
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      bodies.push(body);
      for (const group of messages(readFields(body), 1)) {
        resources.push(...messages(group, 1).map((resource) => readFacts(resource, 1)));
        for (const scope of messages(group, 2)) spans.push(...messages(scope, 2).map(toSpan));
      }
      response.writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    spans,
    resources,
    received: () => Buffer.concat(bodies).toString('latin1'),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
