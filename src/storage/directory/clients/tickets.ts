/** Tickets: links that set a password, verify an address or set up a second factor. Sees their hashes only. */
import type { Kysely } from 'kysely';
import type { UserDirectory } from '../../../ports/directory/users.js';
import type { Database } from '../../schema/schema.js';
import { orNull } from '../rows.js';

/** Returns the methods for tickets. */
export function createTickets(db: Kysely<Database>): Pick<UserDirectory, 'createTicket' | 'useTicket'> {
  return {
    async createTicket(ticket) {
      await db
        .insertInto('tickets')
        .values({
          user_id: ticket.userId,
          ticket_hash: ticket.ticketHash,
          purpose: ticket.purpose,
          connection_id: orNull(ticket.connectionId),
          email: ticket.email,
          client_id: orNull(ticket.clientId),
          organization_id: orNull(ticket.organizationId),
          result_url: orNull(ticket.resultUrl),
          vouches: orNull(ticket.vouches),
          password_vouched_by: orNull(ticket.passwordVouchedBy),
          factor: orNull(ticket.enrollment?.kind),
          factors_revision: orNull(ticket.enrollment?.revision),
          created_at: ticket.createdAt,
          expires_at: ticket.expiresAt,
        })
        .execute();
    },
    async useTicket({ userId, ticketHash, purpose, at }) {
      // One statement: of two uses at once, on any nodes, one finds the row unused.
      const used = await db
        .updateTable('tickets')
        .set({ used_at: at })
        .where('user_id', '=', userId)
        .where('ticket_hash', '=', ticketHash)
        .where('purpose', '=', purpose)
        .where('used_at', 'is', null)
        .where('expires_at', '>', at)
        .returning('user_id')
        .executeTakeFirst();
      return used !== undefined;
    },
  };
}
