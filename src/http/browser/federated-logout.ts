/**
 * A logout that continues at the identity provider: the browser carries this server's request there and returns with
 * the answer. For ten minutes the browser keeps, in a sealed cookie (unfinished.ts), which request was sent and where
 * the person goes afterwards. That address was checked before. Revokes no session: the caller has already done so.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BrowserSession } from '../../domain/people/account.js';
import type { Clock } from '../../kernel/clock.js';
import type { Remembered } from '../../ports/connector.js';
import type { LogoutLetter, LogoutPartners } from '../../ports/single-logout.js';
import type { UnfinishedWork } from './unfinished.js';

/** The id of every logout's cookie: the next logout in the browser replaces the pending one. */
const ID = 'federated-logout';

/** A logout that is pending at the identity provider. */
export interface PendingLogout {
  readonly connectionId: string;
  readonly remembered: Remembered;
  /** The address to which the person goes afterwards; undefined for this server's own page. */
  readonly target: string | undefined;
}

export interface FederatedLogout {
  /**
   * Begins the logout at the identity provider of a session that was revoked here. Returns the message to send there
   * through the browser. Undefined when the session has no such provider, or the provider cannot be reached.
   */
  start(
    reply: FastifyReply,
    session: Pick<BrowserSession, 'idpSession'> & Partial<Pick<BrowserSession, 'connectionId'>>,
    target: string | undefined,
  ): Promise<LogoutLetter | undefined>;
  find(request: FastifyRequest): Promise<PendingLogout | undefined>;
  end(reply: FastifyReply): Promise<void>;
}

/** Creates logouts at the identity providers that offer single logout. */
export function createFederatedLogout(deps: {
  partners: LogoutPartners;
  clock: Clock;
  unfinished: UnfinishedWork;
}): FederatedLogout {
  const { partners, clock, unfinished } = deps;

  /**
   * Keeps the pending logout in the browser. Returns false when there is no room for it: see {@link
   * UnfinishedWork.save}.
   */
  function save(reply: FastifyReply, content: PendingLogout): Promise<boolean> {
    const startedAt = clock.now().getTime();
    return unfinished.save(reply.request, reply, { kind: 'logout', id: ID, startedAt, content });
  }

  return {
    async start(reply, { connectionId, idpSession }, target) {
      if (connectionId === undefined || idpSession === undefined) return undefined;
      const partner = await partners.findById(connectionId);
      if (partner === undefined) return undefined;
      const started = await partner.logout.startLogout(partner.connection, idpSession);
      if (started?.ok === false)
        reply.log.info({ check: started.check, reason: started.detail }, 'the logout did not go on at the provider');
      if (!started?.ok) return undefined;
      const { remember: remembered, url, post } = started;
      if (!(await save(reply, { connectionId, remembered, target }))) return undefined;
      return { url, ...(post !== undefined && { post }) };
    },
    async find(request) {
      return (await unfinished.find(request, 'logout', ID)) as PendingLogout | undefined;
    },
    end: (reply) => unfinished.end(reply, ID),
  };
}
