/**
 * Finds invitations by the ticket of their link, and counts openings (ports/opened-invitations.ts). Each statement finds
 * one row by a unique index. Attack (write flood): somebody opens a link in a loop. So a count goes up at most once a
 * minute for an invitation; the condition is in the statement, so that concurrent requests count once.
 */
import type pg from 'pg';
import { hashSecret } from '../kernel/ids.js';
import type { LinkedInvitation, OpenedInvitations } from '../ports/opened-invitations.js';
import { queryRows } from './database/pool.js';

interface Row {
  readonly organization_id: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly client_id: string;
  readonly login_route: string | null;
  readonly expires_at: Date;
  readonly consumed_at: Date | null;
}

const FIND = `
  select i.organization_id, o.name, o.metadata, i.client_id, i.expires_at, i.consumed_at,
    coalesce(nullif(c.initiate_login_uri, ''), (select nullif(t.default_redirection_uri, '') from tenant t where t.id = 1)) as login_route
  from invitations i join organizations o on o.id = i.organization_id join clients c on c.client_id = i.client_id
  where i.ticket_hash = $1`;

const PENDING = 'ticket_hash = $1 and consumed_at is null and expires_at > $2';
const MINUTE_AGO = `$2::timestamptz - interval '1 minute'`;

const COUNT_OPENED = `
  update invitations set times_opened = times_opened + 1, first_opened_at = coalesce(first_opened_at, $2), last_opened_at = $2
  where ${PENDING} and (last_opened_at is null or last_opened_at <= ${MINUTE_AGO})`;

const COUNT_CAME_WITHOUT = `
  update invitations set times_came_without = times_came_without + 1, last_came_without_at = $2
  where ${PENDING} and client_id = $3 and (last_came_without_at is null or last_came_without_at <= ${MINUTE_AGO})`;

function toInvitation(row: Row): LinkedInvitation {
  return {
    organization: { id: row.organization_id, name: row.name, metadata: row.metadata },
    clientId: row.client_id,
    loginRoute: row.login_route ?? undefined,
    expiresAt: row.expires_at,
    consumedAt: row.consumed_at ?? undefined,
  };
}

/** Creates the store of opened invitations. */
export function createOpenedInvitations(pool: pg.Pool): OpenedInvitations {
  return {
    async find(ticket) {
      const [row] = await queryRows<Row>(pool, FIND, [hashSecret(ticket)]);
      return row && toInvitation(row);
    },
    async countOpened(ticket, at) {
      await queryRows(pool, COUNT_OPENED, [hashSecret(ticket), at]);
    },
    async countCameWithout(ticket, clientId, at) {
      await queryRows(pool, COUNT_CAME_WITHOUT, [hashSecret(ticket), at, clientId]);
    },
  };
}
