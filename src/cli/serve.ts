/**
 * `vestibule serve`: the server alone, until it is told to stop. Owns no server code: it parses the environment, starts the server that
 * main.ts gave it, and tells a failure at start in one line.
 */
import { type Config, parseConfig } from '../config.js';
import { Bug } from '../kernel/assert.js';
import { StartError, toMessage } from '../kernel/errors.js';
import { joinLines } from '../kernel/text.js';
import { CommandError, EXIT, type ExitCode } from './exit.js';
import type { RunningServer, World } from './world.js';

/** Errors of `listen` that the operator can mend, by code of Node's `SystemError`. Both ports of the server may fail. */
function toListenError(error: unknown, { host, port, metricsPort }: Config): CommandError | undefined {
  const { code, syscall, port: failed = port } = (error ?? {}) as { code?: unknown; syscall?: unknown; port?: number };
  const isMetrics = failed === metricsPort;
  const place = `port ${failed} on ${isMetrics ? '127.0.0.1' : host}`;
  const variable = isMetrics ? 'VESTIBULE_METRICS_PORT' : 'PORT';
  if (code === 'EADDRINUSE') return cannotListen(`${place} is in use`, `Stop what listens there, or set ${variable}.`);
  if (code === 'EACCES') return cannotListen(`${place} is not allowed`, `Set ${variable} to 1024 or more.`);
  if (code === 'EADDRNOTAVAIL' || syscall === 'getaddrinfo')
    return cannotListen(`this machine has no address ${host}`, 'Set HOST.');
  // EINVAL, for example, for a link-local address without its zone.
  if (syscall === 'listen' || syscall === 'bind')
    return cannotListen(
      `${place} is refused (${String(code)})`,
      `Set HOST to an address of this machine, or ${variable}.`,
    );
  return undefined;
}

function cannotListen(what: string, advice: string): CommandError {
  return new CommandError(EXIT.otherSide, `Cannot listen: ${what}.`, advice);
}

/**
 * The failure at the start, in one line and how to go on. Its stack tells an operator nothing, and is shown only when asked for. A bug
 * always keeps its stack, for the developer of the program.
 */
function toCommandError(error: unknown, config: Config): unknown {
  if (error instanceof StartError) return new CommandError(EXIT.otherSide, error.message);
  if (error instanceof Bug) return error;
  const advice = ['debug', 'trace'].includes(config.logLevel)
    ? (error as Error).stack
    : 'VESTIBULE_LOG_LEVEL=debug shows where.';
  return (
    toListenError(error, config) ??
    new CommandError(EXIT.otherSide, `Cannot start: ${joinLines(toMessage(error))}`, advice)
  );
}

/** Runs the server; 0 after a clean stop. Throws {@link StartError} for a wrong variable, {@link CommandError} if it cannot start. */
export async function serve(world: World): Promise<ExitCode> {
  // A wrong variable is wrong use, like a wrong option: the command line reports it as such.
  const config = parseConfig(world.env);
  let server: RunningServer;
  try {
    server = await world.startServer(config);
  } catch (error) {
    throw toCommandError(error, config);
  }
  world.note(`Vestibule answers at ${server.origin} (Ctrl-C stops it)`);
  if (config.tls !== undefined) world.onHangup(() => server.reload());
  await world.untilStopped();
  await server.close();
  return EXIT.done;
}
