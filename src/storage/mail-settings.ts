/** The settings that a mail is sent by, read when it leaves: a change counts for the mail that waits, too. */
import type { Selectable } from 'kysely';
import type pg from 'pg';
import { type Language, toLanguages } from '../domain/languages.js';
import type { MailProvider } from '../domain/mail-provider.js';
import type { SecretBox } from '../kernel/seal.js';
import { queryRows } from './pool.js';
import type { EmailProviderTable } from './schema-emails.js';

/** Of the sealed password. */
export const PASSWORD_CONTEXT = 'email_provider:password';

type ProviderRow = Selectable<EmailProviderTable>;

/** A row as the domain has it. A password that does not open (another key) is none. */
export function toProvider(row: ProviderRow, box: SecretBox): MailProvider {
  return {
    enabled: row.enabled,
    defaultFrom: row.default_from_address ?? undefined,
    host: row.host,
    port: row.port,
    username: row.username ?? undefined,
    password: row.password_sealed === null ? undefined : box.open(row.password_sealed, PASSWORD_CONTEXT),
    headers: row.headers as Readonly<Record<string, string>>,
  };
}

export interface MailSettings {
  /** The languages that the tenant offers, the default first. Throws {@link Fault} when the database failed. */
  readLanguages(): Promise<readonly [Language, ...Language[]]>;
  /** The mail server of the tenant's own, if there is one and it is enabled; another `revision` for other settings. */
  findProvider(): Promise<{ readonly provider: MailProvider; readonly revision: string } | undefined>;
}

/** Reads by single statements. */
export function createMailSettings(pool: pg.Pool, box: SecretBox): MailSettings {
  return {
    async readLanguages() {
      const [row] = await queryRows<{ locales: string[] }>(
        pool,
        'select enabled_locales as locales from tenant where id = 1',
      );
      return toLanguages(row?.locales);
    },
    async findProvider() {
      const [row] = await queryRows<ProviderRow>(pool, 'select * from email_provider where enabled');
      return row && { provider: toProvider(row, box), revision: row.revision };
    },
  };
}
