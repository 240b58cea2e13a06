/** Invitations of all organizations together. Never reads tickets: readers of the list get no link. */
import { type Kysely, sql } from 'kysely';
import type { Email } from '../../../domain/people/email.js';
import type { InvitationDirectory, InvitationState } from '../../../ports/directory/invitations.js';
import type { Database } from '../../schema/schema.js';
import { beginsWith, countIf, cutPage, orUndefined, toListCursor, toPage } from '../rows.js';

/** The address (stored in lower case) in the order of code points, so that its indexes serve searches by prefix. */
export const INVITED = sql<string>`invitations.invitee_email collate "C"`;

/** For each state of an invitation: whether its expiry is after now, and an order that an index provides. */
const ORDERS = {
  waiting: { isAfterNow: true, by: sql.ref('invitations.expires_at'), descending: false },
  expired: { isAfterNow: false, by: sql.ref('invitations.expires_at'), descending: true },
  all: { isAfterNow: undefined, by: sql.ref('invitations.created_at'), descending: true },
} as const;

/**
 * Selects the invitations in this state that nobody has accepted yet. Leaves out those of the operators' organization,
 * which the list of organizations omits too.
 */
function selectOf(db: Kysely<Database>, state: InvitationState | undefined, now: Date) {
  const { isAfterNow } = ORDERS[state ?? 'all'];
  const open = db
    .selectFrom('invitations')
    .where('invitations.consumed_at', 'is', null)
    .where('invitations.organization_id', 'not in', db.selectFrom('operators').select('operators.organization_id'));
  return isAfterNow === undefined ? open : open.where('invitations.expires_at', isAfterNow ? '>' : '<=', now);
}

const COLUMNS = [
  'invitations.id',
  'invitations.organization_id',
  'invitations.client_id',
  'invitations.connection_id',
  'invitations.inviter_name',
  'invitations.invitee_email',
  'invitations.created_at',
  'invitations.expires_at',
  'organizations.name',
  'organizations.display_name',
] as const;

/** Creates the list of invitations of all organizations. */
export function createInvitationLists(db: Kysely<Database>): Pick<InvitationDirectory, 'listEverywhere'> {
  return {
    async listEverywhere({ state, now, startsWith }, request) {
      const byAddress = startsWith !== undefined;
      const { by, descending } = byAddress ? { by: INVITED, descending: false } : ORDERS[state ?? 'all'];
      const page = { ...request, descending };
      const all = selectOf(db, state, now);
      const found = byAddress ? all.where(beginsWith(INVITED, startsWith)) : all;
      const named = found.innerJoin('organizations', 'organizations.id', 'invitations.organization_id').select(COLUMNS);
      const query = cutPage(named, page, by, sql.ref('invitations.id'));
      const total = await countIf(page, found);
      const toItem = (row: Awaited<ReturnType<typeof query.execute>>[number]) => ({
        id: row.id,
        organizationId: row.organization_id,
        organizationName: row.name,
        organizationDisplayName: orUndefined(row.display_name),
        clientId: row.client_id,
        connectionId: orUndefined(row.connection_id),
        inviterName: row.inviter_name,
        // The cast is safe: the address was parsed when it was stored.
        inviteeEmail: row.invitee_email as Email,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      });
      return toPage(await query.execute(), page, total, toItem, (row) => toListCursor(row, row.id, byAddress));
    },
  };
}
