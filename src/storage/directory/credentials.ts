/** Stored passwords, tickets, and the end of sessions. Sees hashes only. */
import type { Kysely } from 'kysely';
import type { UserDirectory } from '../../ports/directory/users.js';
import type { Database } from '../schema.js';
import { endAccess } from './end-access.js';
import { orNull } from './rows.js';

type Credentials = Pick<
  UserDirectory,
  | 'findPasswordUser'
  | 'listPasswordConnections'
  | 'putPassword'
  | 'renamePasswordLogin'
  | 'endSessions'
  | 'createTicket'
>;

/** Passwords of database connections: hashes only. */
export function createCredentials(db: Kysely<Database>): Credentials {
  return {
    async findPasswordUser(connectionId, email) {
      const row = await db
        .selectFrom('password_credentials')
        .select('user_id')
        .where('connection_id', '=', connectionId)
        .where('email', '=', email)
        .executeTakeFirst();
      return row?.user_id;
    },
    async listPasswordConnections(userId) {
      const rows = await db
        .selectFrom('password_credentials')
        .select('connection_id')
        .where('user_id', '=', userId)
        .orderBy('connection_id')
        .execute();
      return rows.map((row) => row.connection_id);
    },
    async putPassword(userId, connectionId, email, hash, at) {
      await db
        .insertInto('password_credentials')
        .values({ user_id: userId, connection_id: connectionId, email, hash, changed_at: at })
        .onConflict((conflict) =>
          conflict.columns(['user_id', 'connection_id']).doUpdateSet({ email, hash, changed_at: at }),
        )
        .execute();
    },
    async renamePasswordLogin(userId, email) {
      await db.updateTable('password_credentials').set({ email }).where('user_id', '=', userId).execute();
    },
    endSessions: (userId, at) => endAccess(db, userId, at),
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
          created_at: ticket.createdAt,
          expires_at: ticket.expiresAt,
        })
        .execute();
    },
  };
}
