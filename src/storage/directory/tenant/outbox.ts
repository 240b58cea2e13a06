/**
 * Mail of an administrator's write. Queued in the transaction of that write, so that neither the invitation nor its
 * mail is stored alone.
 */
import type { Kysely } from 'kysely';
import type { SecretBox } from '../../../kernel/seal.js';
import type { Outbox } from '../../../ports/mailer.js';
import { sealModel } from '../../jobs/outbox.js';
import type { Database } from '../../schema/schema.js';

/** Returns an outbox over a transaction or a pool. `box`: the secret box for rows. */
export function createDirectoryOutbox(db: Kysely<Database>, box: SecretBox): Outbox {
  return {
    async enqueue(mail, at) {
      await db
        .insertInto('outbox')
        .values({
          id: mail.id,
          recipient: mail.to,
          template: mail.template,
          body_sealed: sealModel(box, mail),
          created_at: at,
          next_attempt_at: at,
        })
        .execute();
    },
  };
}
