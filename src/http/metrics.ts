/**
 * Metrics for Prometheus, on a port of their own that only this machine can reach: logins by outcome, times of answers,
 * and figures of the process. Labels are codes and route patterns, never an address, an id or a received URL.
 */
import type { FastifyInstance } from 'fastify';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Ledger } from '../ports/ledger.js';
import type { LoginCommit } from '../ports/login-store.js';
import type { GateFigures } from './gate.js';
import { gaugeInstallation, type InstallationFigures } from './installation-gauges.js';
import { createMetricsPort } from './metrics-port.js';

export interface Metrics {
  /** Measures how long each answer of the application takes, by its route pattern. */
  watch(app: FastifyInstance): void;
  /** Wraps the store to count each login that it commits. */
  countAdmitted(store: LoginCommit): LoginCommit;
  /** Wraps the ledger to count each refusal by its code. */
  countRefused(ledger: Ledger): Ledger;
  /** Counts a refusal whose line was left out of the login log. */
  countLeftOut(code: string): void;
  /** Shows how many database connections are used and unused, and how much work waits for one or for its turn. */
  watchConnections(pool: ConnectionFigures): void;
  /** Shows how many requests are in progress and queued, and how many were not served. */
  watchRequests(readFigures: () => GateFigures): void;
  /** Shows whether this node can serve, how long work has been pending, and the certificate's expiry. */
  watchInstallation(figures: InstallationFigures): void;
  /** Serves `/metrics` on 127.0.0.1. Rejects when the port is in use. */
  listen(port: number): Promise<void>;
  /** Gives the figures to the primary process, which adds those of all workers and serves them. */
  answerPrimary(): void;
  close(): Promise<void>;
}

export interface ConnectionFigures {
  read(): { readonly total: number; readonly idle: number; readonly waiting: number };
}

/**
 * Limits of the histogram, in seconds. A page takes a few milliseconds, an identity provider's answer a tenth of a
 * second, a password a third.
 */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

function gaugeConnections(registry: Registry, pool: ConnectionFigures): void {
  new Gauge({
    name: 'vestibule_database_connections',
    help: 'Connections to the database that this node has open for requests.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { total, idle } = pool.read();
      this.set({ state: 'busy' }, total - idle);
      this.set({ state: 'idle' }, idle);
    },
  });
  new Gauge({
    name: 'vestibule_database_waiting',
    help: 'Statements that wait for a free connection, and writes that wait for their turn.',
    registers: [registry],
    collect() {
      this.set(pool.read().waiting);
    },
  });
}

function gaugeRequests(registry: Registry, readFigures: () => GateFigures): void {
  new Gauge({
    name: 'vestibule_requests',
    help: 'Requests in progress, and requests that wait for their turn.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { inProgress, waiting } = readFigures();
      this.set({ state: 'in_progress' }, inProgress);
      this.set({ state: 'waiting' }, waiting);
    },
  });
  new Counter({
    name: 'vestibule_requests_not_served_total',
    help: 'Requests that were not served: their network had too many in line, their turn did not come, or their connection closed before it.',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(readFigures().notServed)) this.inc({ reason }, count);
    },
  });
}

/**
 * Creates the metrics. They have a registry of their own, so that several servers in one process do not share figures.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const logins = new Counter({
    name: 'vestibule_logins_total',
    help: 'Logins by outcome; refused ones by code.',
    labelNames: ['outcome', 'code'],
    registers: [registry],
  });
  const leftOut = new Counter({
    name: 'vestibule_log_lines_left_out_total',
    help: 'Refusals that the login log does not have, since their networks had had their lines; by code.',
    labelNames: ['code'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'vestibule_http_request_seconds',
    help: 'Time to answer, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const port = createMetricsPort(registry.contentType, () => registry.metrics());
  return {
    watch(app) {
      app.addHook('onResponse', async (request, reply) => {
        const route = request.routeOptions.url ?? 'none';
        durations.observe(
          { method: request.method, route, status: `${Math.floor(reply.statusCode / 100)}xx` },
          reply.elapsedTime / 1000,
        );
      });
    },
    countAdmitted: (store) => ({
      async apply(plan) {
        const outcome = await store.apply(plan);
        // A commit without a code admits nobody yet: in Auth0's order the membership is written before the Actions run,
        // and the login after them.
        if (outcome.ok && plan.code !== undefined) logins.inc({ outcome: 'admitted', code: '' });
        return outcome;
      },
    }),
    countRefused: (ledger) => ({
      async append(entry) {
        await ledger.append(entry);
        const { code } = entry.details;
        if (typeof code === 'string') logins.inc({ outcome: 'refused', code });
      },
    }),
    countLeftOut: (code) => leftOut.inc({ code }),
    watchConnections: (pool) => gaugeConnections(registry, pool),
    watchRequests: (readFigures) => gaugeRequests(registry, readFigures),
    watchInstallation: (figures) => gaugeInstallation(registry, figures),
    listen: port.listen,
    answerPrimary() {
      AggregatorRegistry.setRegistries([registry]);
      // Its constructor listens for the primary's questions.
      new AggregatorRegistry();
    },
    close: port.close,
  };
}
