/**
 * The log of this process: JSON lines on stdout. Escapes what a terminal would take for a command, since an operator
 * looks at the lines there, and they repeat texts of people and of other servers.
 */
import { type Logger, pino } from 'pino';
import type { Config } from '../config/config.js';
import { toPrintableJson } from '../kernel/terminal-text.js';

/** Opens the log. The value of each line stays the same for everybody who parses it. */
export function openLog({ logLevel }: Pick<Config, 'logLevel'>): Logger {
  return pino({ level: logLevel, hooks: { streamWrite: toPrintableJson } });
}
