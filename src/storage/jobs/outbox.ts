/**
 * The outbox: queued mail. A row is written in the same commit as the change that it reports; a worker (send-mail.ts)
 * sends it later. A mail may hold a code or a link, so its data is sealed with the row's id as context.
 */
import type pg from 'pg';
import type { Email } from '../../domain/people/email.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { LoggedOutbox, MailTemplate, Outbox, OutgoingMail } from '../../ports/mailer.js';
import { insertLogEntry } from '../database/ledger.js';
import { inTransaction, type Queryable, queryRows } from '../database/pool.js';

export interface OutboxRow {
  readonly id: string;
  readonly recipient: Email;
  readonly template: MailTemplate;
  readonly body_sealed: Buffer;
  readonly created_at: Date;
  readonly attempts: number;
}

/** Seals the model of a mail. The row's id is authenticated: a body moved to another recipient does not open. */
export function sealModel(box: SecretBox, mail: OutgoingMail): Buffer {
  return box.seal(JSON.stringify(mail.model), `outbox:${mail.id}`);
}

/** Returns the mail of a row, or undefined when its body was sealed under another key or changed. */
export function openMail(box: SecretBox, row: OutboxRow): OutgoingMail | undefined {
  const model = box.open(row.body_sealed, `outbox:${row.id}`);
  if (model === undefined) return undefined;
  return {
    id: row.id,
    to: row.recipient,
    template: row.template,
    model: JSON.parse(model) as Readonly<Record<string, unknown>>,
  };
}

/** Queues a mail in a transaction `db`. Throws {@link Fault} when the database failed. */
export async function insertMail(db: Queryable, box: SecretBox, mail: OutgoingMail, at: Date): Promise<void> {
  await queryRows(
    db,
    `insert into outbox (id, recipient, template, body_sealed, created_at, next_attempt_at) values ($1, $2, $3, $4, $5, $5)`,
    [mail.id, mail.to, mail.template, sealModel(box, mail), at],
  );
}

/** Creates the outbox. Calls `onQueued` after each mail, to wake the worker. */
export function createOutbox(pool: pg.Pool, box: SecretBox, onQueued: () => void = () => {}): Outbox & LoggedOutbox {
  return {
    async enqueue(mail, at) {
      await insertMail(pool, box, mail, at);
      onQueued();
    },
    async enqueueLogged(mail, log, at) {
      await inTransaction(pool, async (db) => {
        await insertMail(db, box, mail, at);
        for (const line of log) await insertLogEntry(db, line);
      });
      onQueued();
    },
  };
}

export interface KeptMail {
  readonly mail: OutgoingMail;
  readonly createdAt: Date;
}

/** Returns unsent mail, newest first and opened: the mailbox of a server without SMTP. Shown only in the demo. */
export async function listKeptMail(pool: pg.Pool, box: SecretBox, limit = 100): Promise<readonly KeptMail[]> {
  const rows = await queryRows<OutboxRow>(
    pool,
    `select id, recipient, template, body_sealed, created_at, attempts from outbox
      where sent_at is null order by created_at desc, id limit $1`,
    [limit],
  );
  return rows.flatMap((row) => {
    const mail = openMail(box, row);
    return mail === undefined ? [] : [{ mail, createdAt: row.created_at }];
  });
}
