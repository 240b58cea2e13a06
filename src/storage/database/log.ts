/** The part of a pino logger that the storage needs. Must never receive a secret, a mail body or an SQL value. */

export interface StorageLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A log that discards all lines, for tests and one-shot commands. */
export const silentLog: StorageLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
