/** Invitations. Tickets are found by their hash and also stored sealed, so that the link can be shown again. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Email } from '../../../domain/people/email.js';
import { hashSecret } from '../../../kernel/ids.js';
import type { SecretBox } from '../../../kernel/seal.js';
import type { InvitationDirectory, InvitationRecord } from '../../../ports/directory/invitations.js';
import type { Database, InvitationsTable } from '../../schema/schema.js';
import { beginsWith, countIf, cutPage, orNull, orUndefined, toPage } from '../rows.js';
import { createInvitationLists, INVITED } from './invitation-lists.js';

function ticketContext(organizationId: string, id: string): string {
  return `invitations:${organizationId}:${id}:ticket`;
}

/** Returns the directory of invitations. `box` seals their tickets. */
export function createInvitationDirectory(db: Kysely<Database>, box: SecretBox): InvitationDirectory {
  const toInvitation = (row: Selectable<InvitationsTable>): InvitationRecord => ({
    id: row.id,
    organizationId: row.organization_id,
    clientId: row.client_id,
    connectionId: orUndefined(row.connection_id),
    inviterName: row.inviter_name,
    // The cast is safe: the address was parsed when it was stored.
    inviteeEmail: row.invitee_email as Email,
    roles: row.roles,
    appMetadata: orUndefined(row.app_metadata),
    userMetadata: orUndefined(row.user_metadata),
    expiresAt: row.expires_at,
    consumedAt: orUndefined(row.consumed_at),
    createdAt: row.created_at,
    invitedBy: orUndefined(row.invited_by),
    opened: {
      times: row.times_opened,
      firstAt: orUndefined(row.first_opened_at),
      lastAt: orUndefined(row.last_opened_at),
    },
    cameWithout: { times: row.times_came_without, lastAt: orUndefined(row.last_came_without_at) },
    ticket: box.open(row.ticket_sealed, ticketContext(row.organization_id, row.id)) ?? '',
  });
  const of = (organizationId: string) =>
    db.selectFrom('invitations').where('organization_id', '=', organizationId).where('consumed_at', 'is', null);
  return {
    ...createInvitationLists(db),
    async list(organizationId, page, { startsWith } = {}) {
      const all = of(organizationId);
      const found = startsWith === undefined ? all : all.where(beginsWith(INVITED, startsWith));
      const order = startsWith === undefined ? sql.ref('created_at') : INVITED;
      const query = cutPage(found.selectAll(), page, order, sql.ref('id'));
      const total = await countIf(page, found);
      return toPage(await query.execute(), page, total, toInvitation, (row) => ({
        createdAt: row.page_time,
        id: row.id,
      }));
    },
    async find(organizationId, id) {
      const row = await of(organizationId).selectAll().where('id', '=', id).executeTakeFirst();
      return row && toInvitation(row);
    },
    async create(invitation) {
      const json = (value: object | undefined) => (value === undefined ? null : JSON.stringify(value));
      await db
        .insertInto('invitations')
        .values({
          organization_id: invitation.organizationId,
          id: invitation.id,
          ticket_hash: hashSecret(invitation.ticket),
          ticket_sealed: box.seal(invitation.ticket, ticketContext(invitation.organizationId, invitation.id)),
          client_id: invitation.clientId,
          connection_id: orNull(invitation.connectionId),
          inviter_name: invitation.inviterName,
          invitee_email: invitation.inviteeEmail,
          roles: [...invitation.roles],
          app_metadata: json(invitation.appMetadata),
          user_metadata: json(invitation.userMetadata),
          created_at: invitation.createdAt,
          expires_at: invitation.expiresAt,
          invited_by: orNull(invitation.invitedBy),
        })
        .execute();
    },
    async delete(organizationId, id) {
      const result = await db
        .deleteFrom('invitations')
        .where('organization_id', '=', organizationId)
        .where('id', '=', id)
        .where('consumed_at', 'is', null)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
