/**
 * `vestibule serve`: runs the server until it is told to stop. Has no server code: it parses the environment, starts
 * the server that main.ts passed in, and reports a failed start in one line.
 */
import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { type Config, parseConfig } from '../config/config.js';
import { shareOut } from '../config/share.js';
import { DEFAULT_FACTS, type DoubleFacts, parseFacts } from '../double/facts.js';
import { Bug } from '../kernel/assert.js';
import { StartError, toMessage } from '../kernel/errors.js';
import { toFileReason } from '../kernel/file-errors.js';
import { toSourcePlaces } from '../kernel/source-places.js';
import { joinLines } from '../kernel/text.js';
import { CommandError, EXIT, type ExitCode } from '../terminal/exit.js';
import type { RunningServer, World } from './world.js';

/**
 * Converts errors of `listen` that the operator can fix, by code of Node's `SystemError`. Either port of the server may
 * fail.
 */
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
 * Converts a failed start to one line and a remedy. A stack does not help an operator, and is shown only on request. A
 * bug always keeps its stack, for the developers.
 */
function toCommandError(error: unknown, config: Config): unknown {
  if (error instanceof StartError) return new CommandError(EXIT.otherSide, error.message);
  if (error instanceof Bug) return error;
  const advice = ['debug', 'trace'].includes(config.logLevel)
    ? toSourcePlaces((error as Error).stack ?? '')
    : 'VESTIBULE_LOG_LEVEL=debug shows where.';
  return (
    toListenError(error, config) ??
    new CommandError(EXIT.otherSide, `Cannot start: ${joinLines(toMessage(error))}`, advice)
  );
}

export interface ServeOptions {
  readonly workers?: number;
  readonly profile?: 'auth0';
  readonly doubleFacts?: string;
}

function wrongFacts(file: string, error: unknown): CommandError {
  const advice = 'docs/auth0-double.md lists the switches of the double.';
  return new CommandError(
    EXIT.wrongUse,
    `--double-facts ${file}: ${joinLines(toFileReason(error, 'read', file))}`,
    advice,
  );
}

/**
 * Reads the options of a rehearsal tenant (the double of Auth0); undefined for an ordinary server. Throws {@link
 * CommandError} for wrong use.
 */
async function readDouble({ profile, doubleFacts }: ServeOptions): Promise<DoubleFacts | undefined> {
  if (profile === undefined && doubleFacts !== undefined)
    throw new CommandError(EXIT.wrongUse, '--double-facts is for the double', 'Give --profile auth0, too.');
  if (profile === undefined || doubleFacts === undefined) return profile && DEFAULT_FACTS;
  try {
    return parseFacts(JSON.parse(await readFile(doubleFacts, 'utf8')));
  } catch (error) {
    throw wrongFacts(doubleFacts, error);
  }
}

/** Maximum of `--workers`: more processes than any machine has processors for are a mistake. */
const MOST_WORKERS = 64;

/** Parses the value of `--workers`. Throws {@link InvalidArgumentError}. */
export function parseWorkers(text: string): number {
  const workers = /^[0-9]{1,3}$/.test(text) ? Number(text) : 0;
  if (workers < 1 || workers > MOST_WORKERS) throw new InvalidArgumentError(`Give a number from 1 to ${MOST_WORKERS}.`);
  return workers;
}

/** Prints what an operator wants to know once the server answers. */
function announce(server: RunningServer, double: DoubleFacts | undefined, world: World): void {
  if (double !== undefined)
    world.note(
      'REHEARSAL TENANT: imitates Auth0, faults included (docs/auth0-double.md). Never use it for real people.',
    );
  if (server.firstOperatorLink !== undefined)
    world.note(`Nobody owns this server yet. This link makes you its owner, once: ${server.firstOperatorLink}`);
  world.note(`Vestibule answers at ${server.origin} (Ctrl-C stops it)`);
}

/**
 * Runs the server; returns 0 after a clean stop. Throws {@link StartError} for a wrong variable, {@link CommandError}
 * if it cannot start.
 */
export async function serve(options: ServeOptions, world: World): Promise<ExitCode> {
  const double = await readDouble(options);
  const { workers = 1 } = options;
  if (double !== undefined && workers > 1)
    throw new CommandError(EXIT.wrongUse, 'The double of Auth0 runs in one process', 'Leave out --workers.');
  // A wrong variable is reported like a wrong option: both are wrong use of the command line.
  const config = parseConfig(world.env);
  shareOut(config, workers);
  // Registered before the start: otherwise a signal between the first answer and the end of the start would kill the
  // process.
  const stopped = world.untilStopped();
  const giveUp = new AbortController();
  void stopped.then(() => giveUp.abort());
  let server: RunningServer;
  try {
    server = await world.startServer(config, { double, workers, signal: giveUp.signal });
  } catch (error) {
    // Told to stop while it waited for its database: nothing was started.
    if ((error as Error).name === 'AbortError' && giveUp.signal.aborted) return EXIT.done;
    const failure = toCommandError(error, config);
    if (world.primary === undefined || !(failure instanceof CommandError)) throw failure;
    world.primary.tellFailed([failure.message, failure.advice].join(' ').trim());
    return failure.exitCode;
  }
  if (world.primary === undefined) announce(server, double, world);
  else world.primary.tellReady(server);
  if (config.tls !== undefined) world.onHangup(() => server.reload());
  await stopped;
  await server.close();
  return EXIT.done;
}
