/** The settings for sending mail, read at the time of sending: a change also applies to queued mail. */
import type { Selectable } from 'kysely';
import type pg from 'pg';
import { type Language, toLanguages } from '../domain/look/languages.js';
import type { MailProvider } from '../domain/mail/mail-provider.js';
import type { OwnWords, TemplateName } from '../domain/mail/mail-template.js';
import type { SecretBox } from '../kernel/seal.js';
import { queryRows } from './database/pool.js';
import type { EmailProviderTable, EmailTemplatesTable } from './schema/schema-emails.js';

/** Context under which the mail server's password is sealed. */
export const PASSWORD_CONTEXT = 'email_provider:password';

type ProviderRow = Selectable<EmailProviderTable>;

/** Converts a row of the mail server. A password that cannot be decrypted (another key) counts as none. */
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

/** Converts a row of a mail's texts. */
export function toWords(row: Selectable<EmailTemplatesTable>): OwnWords {
  return {
    name: row.name,
    body: row.body,
    from: row.from_address,
    subject: row.subject,
    resultUrl: row.result_url,
    syntax: row.syntax,
    urlLifetimeSeconds: row.url_lifetime_seconds,
    includeEmailInRedirect: row.include_email_in_redirect ?? undefined,
    enabled: row.enabled,
  };
}

/** The tenant's settings that mails show. */
export interface MailTenant {
  readonly languages: readonly [Language, ...Language[]];
  readonly friendlyName: string;
  readonly supportEmail: string | undefined;
  readonly supportUrl: string | undefined;
}

export interface MailSettings {
  /** Throws {@link Fault} when the database failed. */
  readTenant(): Promise<MailTenant>;
  /** Returns the tenant's own template with this name if it is enabled. */
  findWords(name: TemplateName): Promise<OwnWords | undefined>;
  /** Returns the tenant's own mail server if it is enabled. `revision` changes with the settings. */
  findProvider(): Promise<{ readonly provider: MailProvider; readonly revision: string } | undefined>;
}

/** Creates reads that each use a single statement. */
export function createMailSettings(pool: pg.Pool, box: SecretBox): MailSettings {
  return {
    async readTenant() {
      const [row] = await queryRows<{
        friendly_name: string;
        enabled_locales: string[];
        extra: Readonly<Record<string, unknown>>;
      }>(pool, 'select friendly_name, enabled_locales, extra from tenant where id = 1');
      const { support_email: email, support_url: url } = row?.extra ?? {};
      return {
        languages: toLanguages(row?.enabled_locales),
        friendlyName: row?.friendly_name ?? '',
        supportEmail: typeof email === 'string' ? email : undefined,
        supportUrl: typeof url === 'string' ? url : undefined,
      };
    },
    async findWords(name) {
      const [row] = await queryRows<Selectable<EmailTemplatesTable>>(
        pool,
        'select * from email_templates where name = $1 and enabled and body is not null',
        [name],
      );
      return row && toWords(row);
    },
    async findProvider() {
      const [row] = await queryRows<ProviderRow>(pool, 'select * from email_provider where enabled');
      return row && { provider: toProvider(row, box), revision: row.revision };
    },
  };
}
