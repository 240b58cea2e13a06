/**
 * The log of this process: JSON lines on stdout. Escapes terminal control sequences: lines repeat texts of people and
 * other servers, and operators read them in a terminal.
 */
import { type Logger, pino } from 'pino';
import type { Config } from '../config/config.js';
import { toPrintableJson } from '../kernel/terminal-text.js';

/** Opens the log. Escaping does not change the parsed value of a line. */
export function openLog({ logLevel }: Pick<Config, 'logLevel'>): Logger {
  return pino({ level: logLevel, hooks: { streamWrite: toPrintableJson } });
}
