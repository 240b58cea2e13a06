/** The settings that a mail is sent by, read when it leaves: a change counts for the mail that waits, too. */
import type pg from 'pg';
import { type Language, toLanguages } from '../domain/languages.js';
import { queryRows } from './pool.js';

export interface MailSettings {
  /** The languages that the tenant offers, the default first. Throws {@link Fault} when the database failed. */
  readLanguages(): Promise<readonly [Language, ...Language[]]>;
}

/** Reads by single statements. */
export function createMailSettings(pool: pg.Pool): MailSettings {
  return {
    async readLanguages() {
      const [row] = await queryRows<{ locales: unknown }>(
        pool,
        "select extra -> 'enabled_locales' as locales from tenant where id = 1",
      );
      const locales = Array.isArray(row?.locales) ? row.locales.filter((one) => typeof one === 'string') : undefined;
      return toLanguages(locales);
    },
  };
}
