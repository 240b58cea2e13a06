/**
 * Says when a piece of work begins and ends, for traces (compose/tracing.ts). Nobody listens unless the operator
 * switched tracing on, and then a span costs one comparison. Facts of a span must name no person: ids of applications
 * and organizations, codes and counts alone.
 */
import { tracingChannel } from 'node:diagnostics_channel';

export type SpanFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** One piece of work. Its facts may be replaced until it ends. */
export interface Spanned {
  readonly name: string;
  /** True for work whose end is that of its promise; false for work that waits for nothing. */
  readonly isAsync: boolean;
  facts: SpanFacts;
  /** The error of work that threw. */
  error?: unknown;
}

/** The channel of all spans: `start` before the work, `end` after its synchronous part, `asyncEnd` after its promise. */
export const SPANS = tracingChannel<unknown, Spanned>('vestibule:span');

/** Runs `work` as a span. `describe` returns further facts of its result. */
export function inSpan<Result>(
  name: string,
  work: () => Promise<Result>,
  { facts = {}, describe }: { facts?: SpanFacts; describe?: (result: Result) => SpanFacts } = {},
): Promise<Result> {
  if (!SPANS.start.hasSubscribers) return work();
  const span: Spanned = { name, isAsync: true, facts };
  return SPANS.tracePromise(async () => {
    const result = await work();
    if (describe) span.facts = { ...facts, ...describe(result) };
    return result;
  }, span);
}

/** Does what {@link inSpan} does, for work that waits for nothing. */
export function inSyncSpan<Result>(name: string, work: () => Result): Result {
  return SPANS.start.hasSubscribers ? SPANS.traceSync(work, { name, isAsync: false, facts: {} }) : work();
}
