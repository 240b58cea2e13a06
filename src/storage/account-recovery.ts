/**
 * Stores tickets: one-time secrets, mostly in mailed links, that set a new password, prove an address or unblock an
 * account. Using a ticket changes ticket, account and notice in one transaction, or nothing.
 */
import type pg from 'pg';
import type { PasswordVoucher } from '../domain/people/account.js';
import type { Email } from '../domain/people/email.js';
import type { Connection } from '../domain/tenant.js';
import type { TicketKind } from '../domain/ticket.js';
import type { SecretBox } from '../kernel/seal.js';
import type { AccountRecovery, MailedTicket, Ticket } from '../ports/account-recovery.js';
import { endEverything, lockAccount } from './account-end.js';
import { createAddTexts } from './custom-texts.js';
import { insertLogEntry } from './database/ledger.js';
import { inTransaction, type Queryable, queryRows } from './database/pool.js';
import { insertJob } from './jobs/action-jobs.js';
import { insertMail } from './jobs/outbox.js';
import { toOrganization, toTenant } from './login-store/target.js';
import { createFactorStop } from './stop-factors.js';

type Json = Record<string, unknown>;

interface TicketRow {
  readonly purpose: Ticket['purpose'];
  readonly email: string;
  readonly result_url: string | null;
  readonly vouches: 'mail' | 'operator' | null;
  readonly factor: TicketKind | null;
  readonly factors_revision: number | string | null;
  readonly connection: Json | null;
  readonly organization: Json | null;
  readonly tenant: Json;
  readonly application: { readonly name: string; readonly initiate_login_uri: string | null } | null;
}

const FIND_TICKET = `
select t.purpose, t.email, t.result_url, t.vouches, t.factor, t.factors_revision,
  (select to_jsonb(c) - 'secrets_sealed' from connections c where c.id = t.connection_id) as connection,
  (select to_jsonb(o) from organizations o where o.id = t.organization_id) as organization,
  (select to_jsonb(s) - 'extra' from tenant s where s.id = 1) as tenant,
  (select jsonb_build_object('name', c.name, 'initiate_login_uri', c.initiate_login_uri) from clients c
    where c.client_id = t.client_id) as application
from tickets t where t.user_id = $1 and t.ticket_hash = $2 and t.used_at is null and t.expires_at > $3`;

const FIND_ENDED_TICKET = `
select purpose, email, organization_id, used_at, expires_at from tickets where user_id = $1 and ticket_hash = $2`;

interface EndedRow {
  readonly purpose: Ticket['purpose'];
  readonly email: string;
  readonly organization_id: string | null;
  readonly used_at: Date | null;
  readonly expires_at: Date;
}

/** $1: names of mail templates. Finds the link lifetime of the first one that is enabled and has a lifetime. */
const FIND_LINK_LIFETIME = `
select url_lifetime_seconds as seconds from email_templates
where name = any ($1) and enabled and url_lifetime_seconds > 0 order by array_position($1, name) limit 1`;

/** Updates only an unused ticket, so that of two concurrent uses only one finds it. */
const TAKE_TICKET = `
update tickets set used_at = $3
where user_id = $1 and ticket_hash = $2 and used_at is null and expires_at > $3 and purpose = $4
returning email, connection_id, vouches, password_vouched_by`;

/** Marks an expired unblock ticket as used, so that it does not block the next one. */
const END_EXPIRED_UNBLOCK = `
update tickets set used_at = expires_at
where user_id = $1 and purpose = 'unblock' and used_at is null and expires_at <= $2`;

/**
 * Finds a row only if the account still has the ticket's address. Attack: with an old ticket, the former owner of an
 * address lifts the sign-in limits of its next owner.
 */
const HAS_ADDRESS = 'select 1 from password_credentials where user_id = $1 and email = $2';

function toConnection(row: Json): Connection {
  return {
    id: row.id as string,
    name: row.name as string,
    strategy: row.strategy as Connection['strategy'],
    displayName: (row.display_name as string | null) ?? undefined,
    options: row.options as Json,
    domainAliases: row.domain_aliases as string[],
    revision: row.revision as string,
  };
}

interface Taken {
  readonly email: string;
  readonly connection_id: string | null;
  readonly vouches: 'mail' | 'operator' | null;
  readonly password_vouched_by: PasswordVoucher | null;
}

async function takeTicket(
  db: Queryable,
  use: { userId: string; ticketHash: Buffer; at: Date },
  purpose: Ticket['purpose'],
): Promise<Taken | undefined> {
  return (await queryRows<Taken>(db, TAKE_TICKET, [use.userId, use.ticketHash, use.at, purpose]))[0];
}

/**
 * Marks the ticket's address as proved if the ticket vouches for it and the account still has it. Returns true if the
 * address was marked. A link that the Management API returned to its caller proves no mailbox. Such a ticket vouches
 * only if the operator asked for that (`mark_email_as_verified`).
 */
async function vouchForAddress(
  db: Queryable,
  { userId, at }: { userId: string; at: Date },
  { email, vouches }: Taken,
): Promise<boolean> {
  if (vouches === null) return false;
  const vouched = await queryRows(
    db,
    `update users set email_vouched_by = case when email_vouched_by = 'mail' then 'mail' else $3 end, updated_at = $4
     where user_id = $1 and email = $2 returning 1`,
    [userId, email, vouches, at],
  );
  return vouched.length > 0;
}

/**
 * $1: user. Deletes the second factors that nobody vouches for. Attack: who opened the account under its owner's address
 * set one up, and the owner could never pass it.
 */
const END_UNVOUCHED_FACTORS = `
with ended as (delete from factors where user_id = $1 and vouched_by is null returning 1)
update users set factors_revision = factors_revision + 1 where user_id = $1 and exists (select 1 from ended)`;

/**
 * Revokes passwords and second factors that nobody vouches for, once the person has opened a link from their mailbox (linking rule, part
 * 10). Attack: somebody else opens the account under the owner's address and waits until the owner proves it. Also
 * revokes password links that the Management API returned to its caller.
 */
async function endUnvouched(db: Queryable, { userId, at }: { userId: string; at: Date }): Promise<boolean> {
  const ended = await queryRows(
    db,
    `update password_credentials set hash = '!', changed_at = $2
     where user_id = $1 and vouched_by is null and hash <> '!' returning 1`,
    [userId, at],
  );
  await queryRows(
    db,
    `update tickets set used_at = $2
     where user_id = $1 and used_at is null and purpose = 'password' and password_vouched_by is null`,
    [userId, at],
  );
  await queryRows(db, END_UNVOUCHED_FACTORS, [userId]);
  return ended.length > 0;
}

async function usePasswordTicket(
  db: Queryable,
  box: SecretBox,
  use: Parameters<AccountRecovery['usePasswordTicket']>[0],
): Promise<boolean> {
  await lockAccount(db, use.userId);
  const taken = await takeTicket(db, use, 'password');
  if (taken?.connection_id == null) return false;
  await queryRows(
    db,
    `update password_credentials set hash = $3, changed_at = $4, vouched_by = $5, set_by_link = true
     where user_id = $1 and connection_id = $2`,
    [use.userId, taken.connection_id, use.hash, use.at, taken.password_vouched_by],
  );
  if ((await vouchForAddress(db, use, taken)) && taken.vouches === 'mail') await endUnvouched(db, use);
  await endEverything(db, use.userId, use.at);
  await insertMail(db, box, use.notice, use.at);
  await insertLogEntry(db, use.log);
  await insertJob(db, box, use.job, use.at);
  return true;
}

/**
 * Stores a ticket and queues its mail. Returns false, without another mail, while an earlier unblock ticket is pending.
 */
async function insertTicket(
  db: Queryable,
  box: SecretBox,
  ticket: MailedTicket,
  purpose: 'password' | 'unblock',
): Promise<boolean> {
  const { userId, ticketHash, connectionId, email, organizationId, clientId, at, expiresAt, mail } = ticket;
  const made = await queryRows(
    db,
    `insert into tickets (user_id, ticket_hash, purpose, connection_id, email, organization_id, client_id, vouches, password_vouched_by,
       created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)
     on conflict (user_id) where purpose = 'unblock' and used_at is null do nothing returning 1`,
    [
      ...[userId, ticketHash, purpose, connectionId, email, organizationId ?? null, clientId],
      ...[purpose === 'password' ? 'mail' : null, at, expiresAt],
    ],
  );
  if (made.length > 0) await insertMail(db, box, mail, at);
  return made.length > 0;
}

/**
 * Returns the account recovery. `box`, the secret box for rows, seals mails. Calls `onQueued` after each queued mail,
 * to wake the worker that sends mails.
 */
export function createAccountRecovery(pool: pg.Pool, box: SecretBox, onQueued: () => void = () => {}): AccountRecovery {
  const addTexts = createAddTexts(pool);
  return {
    ...createFactorStop(pool, box, addTexts, onQueued),
    async findLinkLifetime(names) {
      const [row] = await queryRows<{ readonly seconds: number }>(pool, FIND_LINK_LIFETIME, [names]);
      return row?.seconds;
    },
    async requestPassword(ticket) {
      await inTransaction(pool, (db) => insertTicket(db, box, ticket, 'password'));
      onQueued();
    },
    async requestUnblock(ticket) {
      const made = await inTransaction(pool, async (db) => {
        await queryRows(db, END_EXPIRED_UNBLOCK, [ticket.userId, ticket.at]);
        return insertTicket(db, box, ticket, 'unblock');
      });
      if (made) onQueued();
    },
    async findTicket({ userId, ticketHash, at }) {
      const [row] = await queryRows<TicketRow>(pool, FIND_TICKET, [userId, ticketHash, at]);
      return (
        row && {
          userId,
          purpose: row.purpose,
          email: row.email as Email,
          connection: row.connection ? toConnection(row.connection) : undefined,
          organization: row.organization
            ? { ...toOrganization(row.organization), metadata: (row.organization.metadata ?? {}) as Json }
            : undefined,
          tenant: await addTexts(toTenant(row.tenant)),
          applicationName: row.application?.name,
          initiateLoginUri: row.application?.initiate_login_uri ?? undefined,
          resultUrl: row.result_url ?? undefined,
          vouches: row.vouches ?? undefined,
          enrollment:
            row.factors_revision === null
              ? undefined
              : { kind: row.factor ?? undefined, revision: Number(row.factors_revision) },
        }
      );
    },
    async findEndedTicket({ userId, ticketHash }) {
      const [row] = await queryRows<EndedRow>(pool, FIND_ENDED_TICKET, [userId, ticketHash]);
      return (
        row && {
          purpose: row.purpose,
          email: row.email,
          organizationId: row.organization_id ?? undefined,
          usedAt: row.used_at ?? undefined,
          expiresAt: row.expires_at,
        }
      );
    },
    async usePasswordTicket(use) {
      const used = await inTransaction(pool, (db) => usePasswordTicket(db, box, use));
      if (used) onQueued();
      return used;
    },
    useVerificationTicket: (use) =>
      inTransaction(pool, async (db) => {
        await lockAccount(db, use.userId);
        const taken = await takeTicket(db, use, 'verify_email');
        if (taken === undefined) return undefined;
        const isProved = (await vouchForAddress(db, use, taken)) && taken.vouches === 'mail';
        await insertLogEntry(db, use.log);
        const hasEnded = isProved && (await endUnvouched(db, use));
        if (hasEnded) await endEverything(db, use.userId, use.at);
        return hasEnded ? 'used_password_ended' : 'used';
      }),
    useUnblockTicket: (use) =>
      inTransaction(pool, async (db) => {
        const taken = await takeTicket(db, use, 'unblock');
        if (taken === undefined) return false;
        if ((await queryRows(db, HAS_ADDRESS, [use.userId, taken.email])).length === 0) return false;
        await insertLogEntry(db, use.log);
        return true;
      }),
  };
}
