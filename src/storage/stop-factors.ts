/**
 * Stores what the link in the mail about a first factor does: it removes every factor of the account, its passwords,
 * sessions and tokens in one transaction, or nothing. The link has no row before it is used.
 */
import type pg from 'pg';
import { ENDED_HASH } from '../domain/people/account.js';
import type { Email } from '../domain/people/email.js';
import type { SecretBox } from '../kernel/seal.js';
import type { FactorStop, StopLinkEnd } from '../ports/account-recovery.js';
import { endEverything, lockAccount } from './account-end.js';
import type { createAddTexts } from './custom-texts.js';
import { insertLogEntry } from './database/ledger.js';
import { inTransaction, type Queryable, queryRows } from './database/pool.js';
import { insertMail } from './jobs/outbox.js';
import { toOrganization, toTenant } from './login-store/target.js';

type Json = Record<string, unknown>;

/**
 * $1: user; $2: address; $3: time of the mail; $4: hash of the link's secret. Finds out why the link cannot be used; null
 * when it can. Attacks: the former owner of an address uses an old mail; a reader of the mailbox removes a factor that is
 * older than the mail; the link is used again; a reader of an operator's mailbox gets into the console.
 */
const FIND_END = `
select case
  when u.email is distinct from $2 then 'address'
  when exists (select 1 from tickets t where t.user_id = u.user_id and t.ticket_hash = $4) then 'used'
  when exists (select 1 from operators p join members m using (organization_id) where m.user_id = u.user_id)
    then 'operator'
  when exists (select 1 from factors f where f.user_id = u.user_id and f.confirmed_at < $3
    and f.kind not in ('recovery-code', 'email')) then 'older'
  end as reason
from users u where u.user_id = $1`;

const FIND_PLACE = `
select to_jsonb(s) - 'extra' as tenant, (select to_jsonb(o) from organizations o where o.id = $1) as organization
from tenant s where s.id = 1`;

/** The version rises without a factor, too: browsers that were remembered and enrolments that were begun end with it. */
const END_FACTORS = `
with ended as (delete from factors where user_id = $1)
update users set factors_revision = factors_revision + 1 where user_id = $1`;

interface PlaceRow {
  readonly tenant: Json;
  readonly organization: Json | null;
}

type Link = Parameters<FactorStop['findStop']>[0];

async function findEnd(db: Queryable, { userId, email, mailedAt, ticketHash }: Link): Promise<StopLinkEnd | undefined> {
  const values = [userId, email, mailedAt, ticketHash];
  const [row] = await queryRows<{ readonly reason: StopLinkEnd | null }>(db, FIND_END, values);
  return row === undefined ? 'account' : (row.reason ?? undefined);
}

async function stop(db: Queryable, box: SecretBox, use: Parameters<FactorStop['stopFactors']>[0]): Promise<boolean> {
  const { userId, email, ticketHash, at, expiresAt } = use;
  // The second of two simultaneous uses waits here, and then finds the row of the first.
  await lockAccount(db, userId);
  if ((await findEnd(db, use)) !== undefined) return false;
  await queryRows(
    db,
    `insert into tickets (user_id, ticket_hash, purpose, email, created_at, expires_at, used_at)
     values ($1, $2, 'stop_factor', $3, $4, $5, $4)`,
    [userId, ticketHash, email, at, expiresAt],
  );
  await queryRows(db, END_FACTORS, [userId]);
  // Attack: the person who set up the factor knew the password, and would set up the next one.
  await queryRows(
    db,
    `update password_credentials set hash = '${ENDED_HASH}', changed_at = $2
     where user_id = $1 and hash <> '${ENDED_HASH}'`,
    [userId, at],
  );
  await endEverything(db, userId, at);
  await insertMail(db, box, use.notice, at);
  await insertLogEntry(db, use.log);
  return true;
}

/** Returns the functions for the link in the mail about a first factor; see {@link FactorStop}. */
export function createFactorStop(
  pool: pg.Pool,
  box: SecretBox,
  addTexts: ReturnType<typeof createAddTexts>,
  onQueued: () => void,
): FactorStop {
  return {
    async findStop(link) {
      const reason = await findEnd(pool, link);
      if (reason !== undefined) return reason;
      const [row] = await queryRows<PlaceRow>(pool, FIND_PLACE, [link.organizationId ?? null]);
      if (row === undefined) return 'account';
      const { organization } = row;
      return {
        ...{ userId: link.userId, purpose: 'stop_factor', email: link.email as Email },
        organization: organization
          ? { ...toOrganization(organization), metadata: (organization.metadata ?? {}) as Json }
          : undefined,
        tenant: await addTexts(toTenant(row.tenant)),
        ...{ connection: undefined, applicationName: undefined, initiateLoginUri: undefined, resultUrl: undefined },
        ...{ vouches: undefined, enrollment: undefined },
      };
    },
    async stopFactors(use) {
      const stopped = await inTransaction(pool, (db) => stop(db, box, use));
      if (stopped) onQueued();
      return stopped;
    },
  };
}
