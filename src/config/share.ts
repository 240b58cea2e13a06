/** Shares the limits of a node out among its worker processes (`serve --workers`). Pure. */
import { StartError } from '../kernel/errors.js';
import type { Config } from './config.js';

/** Fewest database connections with which one process can work: `VESTIBULE_DATABASE_CONNECTIONS` takes no fewer. */
const LEAST_CONNECTIONS = 4;

/**
 * Returns the configuration of one of `workers` processes. Limits that guard the machine or the database hold for the
 * node, so each worker gets its part: database connections, open connections, processes of Actions, lines of the log.
 * Rates stay as they are, because a client that keeps its connection stays with one worker. Throws {@link StartError}
 * if there are too few database connections for so many workers.
 */
export function shareOut(config: Config, workers: number): Config {
  const { database, limits, actions } = config;
  if (workers === 1) return config;
  const connections = Math.floor(database.connections / workers);
  if (connections < LEAST_CONNECTIONS)
    throw new StartError(
      `--workers ${workers} shares out ${database.connections} database connections, and each worker needs ${LEAST_CONNECTIONS}: set VESTIBULE_DATABASE_CONNECTIONS to ${workers * LEAST_CONNECTIONS} or more, or take fewer workers`,
    );
  const part = (whole: number) => Math.ceil(whole / workers);
  return {
    ...config,
    database: { ...database, connections },
    limits: { ...limits, maximum: part(limits.maximum) },
    actions: { ...actions, maxProcesses: part(actions.maxProcesses) },
    logLinesPerMinute: part(config.logLinesPerMinute),
  };
}
