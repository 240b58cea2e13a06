/**
 * `vestibule serve`: the server alone, until it is told to stop. Owns no server code: it parses the environment, starts
 * what main.ts gave it, and puts what can go wrong at start into one line.
 */
import { type Config, parseConfig } from '../config.js';
import { StartError } from '../kernel/errors.js';
import { CommandError, EXIT, type ExitCode } from './exit.js';
import type { RunningServer, World } from './world.js';

/** Errors of `listen` that the operator can mend, by code of Node's `SystemError`. Both ports of the server may fail. */
function toListenError(error: unknown, { host, port, metricsPort }: Config): CommandError | undefined {
  const { code, port: failed = port } = (error ?? {}) as { code?: unknown; port?: number };
  const isMetrics = failed === metricsPort;
  const place = `port ${failed} on ${isMetrics ? '127.0.0.1' : host}`;
  const variable = isMetrics ? 'VESTIBULE_METRICS_PORT' : 'PORT';
  if (code === 'EADDRINUSE') {
    return new CommandError(
      EXIT.otherSide,
      `Cannot listen: ${place} is in use.`,
      `Stop what listens there, or set ${variable}.`,
    );
  }
  if (code === 'EACCES') {
    return new CommandError(
      EXIT.otherSide,
      `Cannot listen: ${place} is not allowed.`,
      `Set ${variable} to 1024 or more.`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new CommandError(EXIT.otherSide, `Cannot listen: this machine has no address ${host}.`, 'Set HOST.');
  }
  return undefined;
}

/** Runs the server; returns 0 after a clean stop. Throws {@link StartError} for a wrong variable, {@link CommandError} when it cannot start. */
export async function serve(world: World): Promise<ExitCode> {
  // A wrong variable is wrong use, like a wrong option: the command line reports it as such.
  const config = parseConfig(world.env);
  let server: RunningServer;
  try {
    server = await world.startServer(config);
  } catch (error) {
    if (error instanceof StartError) throw new CommandError(EXIT.otherSide, error.message);
    throw toListenError(error, config) ?? error;
  }
  world.note(`Vestibule answers at ${server.origin} (Ctrl-C stops it)`);
  await world.untilStopped();
  await server.close();
  return EXIT.done;
}
