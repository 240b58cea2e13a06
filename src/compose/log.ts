/**
 * The log of this process: JSON lines on stdout. Escapes terminal control sequences: lines repeat texts of people and
 * other servers, and operators read them in a terminal.
 */
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from '../config/config.js';
import { toPrintableJson } from '../kernel/terminal-text.js';
import { createFolding } from './folded-log.js';

/**
 * Opens the log. Escaping does not change the parsed value of a line. Repeated lines of an outage of the database are
 * counted (folded-log.ts).
 */
export function openLog({ logLevel }: Pick<Config, 'logLevel'>, to?: DestinationStream): Logger {
  const hooks = { streamWrite: toPrintableJson, logMethod: createFolding(() => log) };
  const log: Logger = to === undefined ? pino({ level: logLevel, hooks }) : pino({ level: logLevel, hooks }, to);
  return log;
}
