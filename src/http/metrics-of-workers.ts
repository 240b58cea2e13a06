/**
 * Metrics of a node with several workers: asks each worker for its figures and adds them up; a gauge says otherwise where
 * a sum would be wrong (`aggregator`). Has no figures of its own.
 */
import { AggregatorRegistry } from 'prom-client';
import { createMetricsPort, type MetricsPort } from './metrics-port.js';

/** Creates the port. A scrape fails if a worker does not answer within five seconds. */
export function createMetricsOfWorkers(): MetricsPort {
  const registry = new AggregatorRegistry();
  return createMetricsPort(registry.contentType, () => registry.clusterMetrics());
}
