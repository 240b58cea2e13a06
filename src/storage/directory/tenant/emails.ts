/** The tenant's own mail server (one row, its password sealed) and its own texts of mails. */
import { type Kysely, sql } from 'kysely';
import type { MailProvider } from '../../../domain/mail/mail-provider.js';
import type { OwnWords } from '../../../domain/mail/mail-template.js';
import type { SecretBox } from '../../../kernel/seal.js';
import type { EmailDirectory } from '../../../ports/directory/emails.js';
import { PASSWORD_CONTEXT, toProvider, toWords } from '../../mail-settings.js';
import type { Database } from '../../schema/schema.js';
import { orNull, orUndefined } from '../rows.js';

function toColumns(provider: MailProvider, box: SecretBox, at: Date) {
  const { password } = provider;
  return {
    enabled: provider.enabled,
    default_from_address: orNull(provider.defaultFrom),
    host: provider.host,
    port: provider.port,
    username: orNull(provider.username),
    password_sealed: password === undefined ? null : box.seal(password, PASSWORD_CONTEXT),
    headers: JSON.stringify(provider.headers),
    revision: sql<string>`gen_random_uuid()::text`,
    updated_at: at,
  };
}

const toWordsColumns = (words: OwnWords, at: Date) => ({
  body: words.body,
  from_address: words.from,
  subject: words.subject,
  result_url: words.resultUrl,
  syntax: words.syntax,
  url_lifetime_seconds: words.urlLifetimeSeconds,
  include_email_in_redirect: orNull(words.includeEmailInRedirect),
  enabled: words.enabled,
  updated_at: at,
});

/** Creates the {@link EmailDirectory}. */
export function createEmailDirectory(db: Kysely<Database>, box: SecretBox): EmailDirectory {
  return {
    async findProvider() {
      const row = await db.selectFrom('email_provider').selectAll().executeTakeFirst();
      return row && { ...toProvider(row, box), revision: row.revision };
    },
    async createProvider(provider, at) {
      const columns = { id: 1, created_at: at, ...toColumns(provider, box, at) };
      await db.insertInto('email_provider').values(columns).execute();
    },
    async updateProvider(provider, at) {
      await db
        .updateTable('email_provider')
        .set(toColumns(provider, box, at))
        .execute();
    },
    async deleteProvider() {
      const result = await db.deleteFrom('email_provider').executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
    async findSending(id) {
      const row = await db
        .selectFrom('outbox')
        .select(['created_at', 'sent_at', 'attempts', 'last_error'])
        .select(sql<Date | null>`nullif(next_attempt_at, 'infinity')`.as('next_attempt_at'))
        .where('id', '=', id)
        .where('template', '=', 'verify_email')
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const status = row.sent_at !== null ? 'completed' : row.next_attempt_at === null ? 'failed' : 'pending';
      const reason = row.last_error ?? undefined;
      const trouble = reason && { tries: row.attempts, reason, nextTryAt: orUndefined(row.next_attempt_at) };
      return { status, createdAt: row.created_at, trouble: trouble || undefined };
    },
    async findWords(name) {
      const row = await db.selectFrom('email_templates').selectAll().where('name', '=', name).executeTakeFirst();
      return row && toWords(row);
    },
    async createWords(words, at) {
      const columns = { name: words.name, created_at: at, ...toWordsColumns(words, at) };
      await db.insertInto('email_templates').values(columns).execute();
    },
    async updateWords(words, at) {
      const change = db.updateTable('email_templates').set(toWordsColumns(words, at)).where('name', '=', words.name);
      return (await change.executeTakeFirst()).numUpdatedRows > 0n;
    },
  };
}
