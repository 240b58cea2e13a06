/**
 * Gauges (metrics) about the installation, read on demand: whether this node can serve, for how long work has been
 * pending, and when the certificate expires. A figure that cannot be read is left out; the others are still read.
 */
import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../kernel/clock.js';

export interface InstallationFigures {
  /** Tells whether this node can serve requests, as `/health/ready` does. */
  checkReady(): Promise<{ readonly ready: boolean }>;
  /** Returns since when the oldest item of each kind of work is pending, and how many mails were given up. */
  readWaiting(): Promise<{
    readonly since: Readonly<Record<string, Date | undefined>>;
    readonly mailsGivenUp: number;
  }>;
  /** Returns when the certificate in this server's files expires; undefined without one. Throws for unusable files. */
  readonly readCertificateEnd: (() => Date | undefined) | undefined;
  readonly clock: Clock;
}

/** Wraps `read` so that several gauges of one reading share its result. The result is undefined if `read` fails. */
function shared<Figures>(read: () => Promise<Figures>): () => Promise<Figures | undefined> {
  let running: Promise<Figures | undefined> | undefined;
  return () => {
    running ??= read()
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
      });
    return running;
  };
}

function gaugeWaiting(registry: Registry, { readWaiting, clock }: InstallationFigures): void {
  const read = shared(readWaiting);
  new Gauge({
    name: 'vestibule_waiting_seconds',
    help: 'Time that the oldest work of a kind has waited; the same on every node.',
    labelNames: ['work'],
    registers: [registry],
    aggregator: 'max',
    async collect() {
      const found = await read();
      this.reset();
      const now = clock.now().getTime();
      for (const [work, since] of Object.entries(found?.since ?? {}))
        this.set({ work }, since === undefined ? 0 : Math.max(0, now - since.getTime()) / 1_000);
    },
  });
  new Gauge({
    name: 'vestibule_mails_given_up',
    help: 'Mails of the last month that will not be tried again.',
    registers: [registry],
    aggregator: 'max',
    async collect() {
      const found = await read();
      if (found !== undefined) this.set(found.mailsGivenUp);
    },
  });
}

/** Adds gauges about the installation to `registry`. */
export function gaugeInstallation(registry: Registry, figures: InstallationFigures): void {
  const { checkReady, readCertificateEnd } = figures;
  new Gauge({
    name: 'vestibule_ready',
    help: '1 while this node can serve, as /health/ready says, else 0.',
    registers: [registry],
    // Requests go to each worker in turn, so the node is ready when all are.
    aggregator: 'min',
    async collect() {
      this.set((await checkReady()).ready ? 1 : 0);
    },
  });
  gaugeWaiting(registry, figures);
  if (readCertificateEnd === undefined) return;
  new Gauge({
    name: 'vestibule_certificate_end_timestamp_seconds',
    help: 'End of the certificate in VESTIBULE_TLS_CERT, as a Unix time; 0 while its files cannot be used.',
    registers: [registry],
    aggregator: 'min',
    collect() {
      try {
        this.set((readCertificateEnd()?.getTime() ?? 0) / 1_000);
      } catch {
        this.set(0);
      }
    },
  });
}
