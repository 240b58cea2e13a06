/**
 * A logout that continues at the identity provider: the browser takes our request there and returns with the answer.
 * For ten minutes the browser keeps, with its other unfinished work, which request was sent and where the person goes
 * afterwards (an address that was checked before). Revokes no session: the session was revoked before.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BrowserSession } from '../../domain/people/account.js';
import type { Clock } from '../../kernel/clock.js';
import type { Remembered } from '../../ports/connector.js';
import type { LogoutLetter, LogoutPartners } from '../../ports/single-logout.js';
import type { UnfinishedWork } from './unfinished.js';

/** One id for all logouts: the browser's next logout replaces the pending one. */
const ID = 'federated-logout';

/** A logout that is pending at the identity provider. */
export interface PendingLogout {
  readonly connectionId: string;
  readonly remembered: Remembered;
  /** Where the person goes afterwards; undefined for this server's own page. */
  readonly target: string | undefined;
}

export interface FederatedLogout {
  /**
   * Begins the logout at the identity provider of a revoked session; returns the message to send through the browser.
   * Undefined when the session has no such provider, or it cannot be reached.
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

  /** Keeps the pending logout. Returns false when there is no room for it: see {@link UnfinishedWork.save}. */
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
