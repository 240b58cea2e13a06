/**
 * Sends log lines to the endpoint of a log stream, signed, in one of Auth0's three forms. Only an answer 2xx counts as
 * delivered. A redirect is a failure and is never followed: it would carry the stream's headers to another server.
 */
import { type LogStreamSink, signDelivery } from '../domain/log-stream.js';
import type { Clock } from '../kernel/clock.js';
import type { LogRecord } from '../ports/directory/logs.js';
import type { DeliveryEnd, LogDelivery } from '../ports/log-delivery.js';
import { findOutboundError } from './outbound/error.js';
import type { OutboundFetch } from './outbound/fetch.js';

export interface LogDeliveryOptions {
  readonly fetch: OutboundFetch;
  /** Time limit of `fetch`, in milliseconds. */
  readonly limitMs: number;
  readonly clock: Clock;
  /** Converts a log line into the JSON that Auth0's API and log streams show. */
  readonly toLine: (log: LogRecord) => unknown;
}

const MAX_LINES = 100;

function toBody(format: LogStreamSink['format'], lines: readonly unknown[]): string {
  if (format === 'JSONARRAY') return JSON.stringify(lines);
  const texts = lines.map((line) => JSON.stringify(line));
  return format === 'JSONLINES' ? texts.map((text) => `${text}\n`).join('') : texts.join('');
}

/** Header names are case-insensitive: of two with the same name, the later one wins. */
function toHeaders(sink: LogStreamSink, own: Readonly<Record<string, string>>): Record<string, string> {
  const given = sink.headers.map(({ header, value }) => [header.toLowerCase(), value] as const);
  return {
    ...Object.fromEntries(given),
    'content-type': sink.contentType,
    ...(sink.authorization !== undefined && { authorization: sink.authorization }),
    ...own,
  };
}

/** Creates the port `LogDelivery`, which sends lines over HTTP. */
export function createLogDelivery({ fetch, limitMs, clock, toLine }: LogDeliveryOptions): LogDelivery {
  return {
    limitMs,
    batchOf: ({ format }) => (format === 'JSONOBJECT' ? 1 : MAX_LINES),
    async deliver(streamId, sink, lines): Promise<DeliveryEnd> {
      const body = toBody(
        sink.format,
        lines.map((line) => ({ log_id: line.logId, data: toLine(line) })),
      );
      const own = {
        'vestibule-log-stream': streamId,
        'vestibule-signature': signDelivery(sink.signingSecret, clock.now(), body),
      };
      try {
        const { status } = await fetch(sink.endpoint, { method: 'POST', headers: toHeaders(sink, own), body });
        if (status >= 200 && status < 300) return { kind: 'taken' };
        return { kind: 'failed', reason: `the endpoint answered ${status}` };
      } catch (error) {
        const known = findOutboundError(error);
        return { kind: 'failed', reason: known?.message ?? 'the request could not be made' };
      }
    },
  };
}
