/**
 * Sends traces to an OpenTelemetry collector: one span for a request, for each step of a login, each of its statements
 * and each request to another server. Loaded only where the operator's environment asks for it. A span never holds an
 * address of a person, a name, a query or a path with ids; a login's span has the reference number that a refused
 * person reads.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout } from 'node:timers/promises';
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SPANS, type Spanned } from '../kernel/spans.js';

export interface Tracing {
  /** Gives each request of the application a span. */
  watch(app: FastifyInstance): void;
  /**
   * Sends the spans that are still here, and stops. Never throws, and gives up after a moment: a dead collector must not
   * hold up a shutdown.
   */
  stop(): Promise<void>;
}

/**
 * Names a link to the trace of a caller. Attack: a stranger's `traceparent` as the parent would choose which requests
 * are recorded, and put them into traces of others; a link does neither.
 */
function linkOf(request: FastifyRequest) {
  const parts = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(String(request.headers.traceparent ?? ''));
  if (parts === null) return [];
  const [, traceId = '', spanId = '', flags = ''] = parts;
  return [{ context: { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true } }];
}

function factsOf({ method, routeOptions, id }: FastifyRequest): Spanned['facts'] {
  // The id is the number that the log lines of this request have.
  return { 'http.request.method': method, 'http.route': routeOptions.url, 'vestibule.request_id': id };
}

/** Milliseconds in which the last spans are sent. The exporter by itself tries again for ten seconds. */
const STOP_MS = 2_000;

/** Starts sending. `version` is that of this program. */
export function startTracing(version: string): Tracing {
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'vestibule', 'service.version': version }))
    .merge(detectResources({ detectors: [envDetector] }));
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('vestibule', version);
  const contexts = new AsyncLocalStorage<Context>();
  const running = new WeakMap<object, Span>();

  function begin(key: object, name: string, kind: SpanKind, links: ReturnType<typeof linkOf> = []): Context {
    const parent = contexts.getStore() ?? ROOT_CONTEXT;
    const span = tracer.startSpan(name, { kind, links }, parent);
    running.set(key, span);
    return trace.setSpan(parent, span);
  }

  function finish(key: object, facts: Spanned['facts'], failure?: unknown): void {
    const span = running.get(key);
    if (span === undefined) return;
    running.delete(key);
    for (const [fact, value] of Object.entries(facts)) if (value !== undefined) span.setAttribute(fact, value);
    // The message of an error may quote a person's data; its class does not.
    if (failure !== undefined) {
      const type = failure instanceof Error ? failure.name : 'error';
      span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  }

  const onStart = (work: Spanned): Context =>
    begin(work, work.name, 'server.address' in work.facts ? SpanKind.CLIENT : SpanKind.INTERNAL);
  SPANS.start.bindStore(contexts, (work) => onStart(work as Spanned));
  const listeners = {
    start() {},
    end(work: Spanned) {
      if (!work.isAsync) finish(work, work.facts, work.error);
    },
    asyncStart() {},
    asyncEnd: (work: Spanned) => finish(work, work.facts, work.error),
    error() {},
  };
  SPANS.subscribe(listeners);
  return {
    watch(app) {
      app.addHook('onRequest', (request, reply, done) => {
        const route = request.routeOptions.url ?? 'none';
        const context = begin(request, `${request.method} ${route}`, SpanKind.SERVER, linkOf(request));
        // The client went away, so there is no response: requests that are too slow end so.
        reply.raw.once('close', () => {
          if (!reply.raw.writableFinished) finish(request, { ...factsOf(request), 'vestibule.aborted': true });
        });
        contexts.run(context, done);
      });
      app.addHook('onResponse', async (request, reply) => {
        const facts = { ...factsOf(request), 'http.response.status_code': reply.statusCode };
        finish(request, facts, reply.statusCode >= 500 ? new Error('answered with an error') : undefined);
      });
    },
    async stop() {
      SPANS.unsubscribe(listeners);
      SPANS.start.unbindStore(contexts);
      const sent = provider.shutdown().catch(() => {});
      await Promise.race([sent, setTimeout(STOP_MS, undefined, { ref: false })]);
    },
  };
}
