/**
 * Port: sends log lines to the endpoint of a stream. Keeps no position in the log: the worker decides which lines are
 * sent, and when to retry.
 */
import type { LogStreamSink } from '../domain/log-stream.js';
import type { LogRecord } from './directory/logs.js';

/**
 * `failed`: the endpoint did not accept the lines, or it is unknown whether it did. The reason names no secret, no
 * header and no line.
 */
export type DeliveryEnd = { readonly kind: 'taken' } | { readonly kind: 'failed'; readonly reason: string };

export interface LogDelivery {
  /** Returns the most lines that one request to this endpoint may hold. */
  batchOf(sink: LogStreamSink): number;
  /** Sends the lines in one request. Never throws, and returns within {@link LogDelivery.limitMs}. */
  deliver(streamId: string, sink: LogStreamSink, lines: readonly LogRecord[]): Promise<DeliveryEnd>;
  /** Time limit of a request, in milliseconds. */
  readonly limitMs: number;
}
