/**
 * The invitation whose mailed link this browser opened last, sealed in one of its cookies. It is kept until the
 * application passes it on to /authorize, the invitation expires, a week is over, or a logout. Keeps the ticket without
 * the seal of the mail. Attack (shared computer): the next person would accept as somebody who reads the mailbox. Must
 * never take the place of a login, become a row in the database, or accept anything by itself.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../kernel/clock.js';
import { SECONDS, type UnfinishedWork } from './unfinished.js';

/** The id of every such invitation: the next link in the browser replaces the one before. */
const ID = 'openedinvitation';

export interface OpenedInvitation {
  readonly ticket: string;
  readonly organizationId: string;
  /** The application that the invitation is for. */
  readonly clientId: string;
}

export interface RememberedInvitations {
  /** Finds the invitation that this browser opened. Throws {@link Fault}. */
  find(request: FastifyRequest): Promise<OpenedInvitation | undefined>;
  /**
   * Keeps the invitation in the cookies of the answer. Returns false, and keeps nothing, when the cookies have no room
   * for it beside the logins of other tabs. Throws {@link Fault}.
   */
  keep(request: FastifyRequest, reply: FastifyReply, opened: OpenedInvitation, expiresAt: Date): Promise<boolean>;
  /** Forgets the invitation: it was passed on, or the person signs out. */
  forget(reply: FastifyReply): Promise<void>;
}

/** Creates the store of opened invitations. */
export function createRememberedInvitations(deps: { clock: Clock; unfinished: UnfinishedWork }): RememberedInvitations {
  const { clock, unfinished } = deps;
  return {
    async find(request) {
      return (await unfinished.find(request, 'invitation', ID)) as OpenedInvitation | undefined;
    },
    async keep(request, reply, content, expiresAt) {
      // The work expires with the invitation if that is sooner, so it counts as begun earlier.
      const latest = expiresAt.getTime() - SECONDS.invitation * 1_000;
      const startedAt = Math.min(clock.now().getTime(), latest);
      return unfinished.save(request, reply, { kind: 'invitation', id: ID, startedAt, content, inCookiesOnly: true });
    },
    forget: (reply) => unfinished.end(reply, ID),
  };
}
