/**
 * Refused logins whose page the person still reads (/u/refused), each sealed in cookies of its browser. Keeps only what
 * the page shows, and the answer that the application gets afterwards. Must never become a row in the database, and
 * never a login again: its kind of work differs from that of an unfinished login.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ResponseMode } from '../../domain/authorization-request.js';
import type { Clock } from '../../kernel/clock.js';
import type { RefusalCode } from '../../login/refusals.js';
import type { UnfinishedWork } from './unfinished.js';

export interface RefusedLogin {
  /** Id of the login that was refused. It is in the address of the page. */
  readonly id: string;
  readonly clientId: string;
  readonly organizationId?: string;
  /** The checked address of the application, and how it gets the answer. */
  readonly address: {
    readonly redirectUri: string;
    readonly responseMode: ResponseMode;
    readonly state?: string;
    readonly withoutIss?: true;
  };
  readonly refusal: { readonly code: RefusalCode; readonly description: string };
  readonly reference: string;
  /** Address of the person who signed in, if it is known. */
  readonly signedInAs?: string;
  /** The languages that the application asked for. */
  readonly uiLocales?: string;
}

export interface RefusedLogins {
  /** Finds the refused login `id` if this browser holds it, for an hour after the refusal. Throws {@link Fault}. */
  find(request: FastifyRequest, id: string | undefined): Promise<RefusedLogin | undefined>;
  /**
   * Keeps the refused login in the cookies of the answer, in place of the login. Returns false, and keeps nothing, when
   * the cookies have no room for it beside the logins of other tabs. Throws {@link Fault}.
   */
  save(request: FastifyRequest, reply: FastifyReply, refused: RefusedLogin): Promise<boolean>;
  /**
   * Forgets all refused logins of this browser, at a logout. Attack (shared computer): the next person reads in the
   * browser's history who was refused, and why.
   */
  forget(reply: FastifyReply): Promise<void>;
}

/** Creates the store of refused logins. */
export function createRefusedLogins(deps: { clock: Clock; unfinished: UnfinishedWork }): RefusedLogins {
  const { clock, unfinished } = deps;
  return {
    async find(request, id) {
      const content = await unfinished.find(request, 'refused', id);
      return content as RefusedLogin | undefined;
    },
    save(request, reply, content) {
      const startedAt = clock.now().getTime();
      return unfinished.save(request, reply, {
        kind: 'refused',
        id: content.id,
        startedAt,
        content,
        inCookiesOnly: true,
      });
    },
    forget: (reply) => unfinished.endAll(reply, 'refused'),
  };
}
