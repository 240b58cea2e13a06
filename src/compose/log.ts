/**
 * The log of this process: JSON lines on stdout. Escapes terminal control sequences: lines repeat texts of people and
 * other servers, and operators read them in a terminal.
 */
import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import type { Config } from '../config/config.js';
import { toSourcePlaces } from '../kernel/source-places.js';
import { toPrintableJson } from '../kernel/terminal-text.js';
import { createFolding } from './folded-log.js';

/** Writes an error as pino does, with the places of the sources in its trace. */
function toLoggedError(error: Error) {
  const logged = stdSerializers.err(error);
  // A thrown value that is no error is logged as it is.
  if (typeof logged?.stack === 'string') logged.stack = toSourcePlaces(logged.stack);
  return logged;
}

/**
 * Opens the log. Escaping does not change the parsed value of a line. Repeated lines of an outage of the database are
 * counted (folded-log.ts).
 */
export function openLog({ logLevel }: Pick<Config, 'logLevel'>, to?: DestinationStream): Logger {
  const hooks = { streamWrite: toPrintableJson, logMethod: createFolding(() => log) };
  const options = { level: logLevel, hooks, serializers: { err: toLoggedError } };
  const log: Logger = to === undefined ? pino(options) : pino(options, to);
  return log;
}
