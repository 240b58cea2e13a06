/**
 * `vestibule serve`: the server alone, until it is told to stop. Owns no server code: it parses the environment, starts
 * what main.ts gave it, and puts what can go wrong at start into one line.
 */
import { parseConfig } from '../config.js';
import { StartError } from '../kernel/errors.js';
import { CommandError, EXIT, type ExitCode } from './exit.js';
import type { RunningServer, World } from './world.js';

/** Errors of `listen` that the operator can mend, by code of Node's `SystemError`. */
function toListenError(error: unknown, host: string, port: number): CommandError | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  const place = `port ${port} on ${host}`;
  if (code === 'EADDRINUSE') {
    return new CommandError(
      EXIT.otherSide,
      `Cannot listen: ${place} is in use.`,
      'Stop what listens there, or set PORT.',
    );
  }
  if (code === 'EACCES') {
    return new CommandError(EXIT.otherSide, `Cannot listen: ${place} is not allowed.`, 'Set PORT to 1024 or more.');
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
    throw toListenError(error, config.host, config.port) ?? error;
  }
  world.note(`Vestibule answers at ${server.origin} (Ctrl-C stops it)`);
  await world.untilStopped();
  await server.close();
  return EXIT.done;
}
