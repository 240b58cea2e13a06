/**
 * A logout that goes on at the identity provider: the browser takes our request there and comes back with the answer. Nothing is stored on
 * the server: a sealed cookie, for ten minutes, says which request was sent and where the person goes afterwards, an address that was checked
 * before. Ends no session; by then it has ended.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BrowserSession } from '../../domain/account.js';
import type { Clock } from '../../kernel/clock.js';
import { openToken, type SecretBox, sealToken } from '../../kernel/seal.js';
import type { Remembered } from '../../ports/connector.js';
import type { LogoutLetter, LogoutPartners } from '../../ports/single-logout.js';
import { clearCookie, cookieName, readCookies, setCookie } from './cookies.js';

const COOKIE = 'vestibule_logout';
const CONTEXT = 'logout';
const SECONDS = 600;
/** Most characters of the sealed cookie; browsers keep 4,096 bytes of one with its name. */
const MAX_COOKIE = 3900;

/** A logout that waits for the identity provider's answer. */
export interface PendingLogout {
  readonly connectionId: string;
  readonly remembered: Remembered;
  /** Where the person goes afterwards; undefined for our own page. */
  readonly target: string | undefined;
}

export interface FederatedLogout {
  /** The way of the browser to the identity provider of an ended session; undefined where it has none, or none that can be reached. */
  start(
    reply: FastifyReply,
    session: Pick<BrowserSession, 'idpSession'> & Partial<Pick<BrowserSession, 'connectionId'>>,
    target: string | undefined,
  ): Promise<LogoutLetter | undefined>;
  /** The logout of this browser that waits. */
  find(request: FastifyRequest): PendingLogout | undefined;
  /** It waits no longer. */
  end(reply: FastifyReply): void;
}

/** `box` has the purpose `cookies`. */
export function createFederatedLogout(deps: {
  partners: LogoutPartners;
  box: SecretBox;
  clock: Clock;
  origin: string;
}): FederatedLogout {
  const { partners, box, clock, origin } = deps;

  /** False when it does not fit into a cookie. */
  function save(reply: FastifyReply, { connectionId, remembered, target }: PendingLogout): boolean {
    const until = String(clock.now().getTime() + SECONDS * 1000);
    const fields = {
      c: connectionId,
      r: JSON.stringify(remembered),
      u: until,
      ...(target !== undefined && { t: target }),
    };
    const value = sealToken(box, fields, CONTEXT);
    if (value.length > MAX_COOKIE) return false;
    setCookie(reply, origin, COOKIE, value, SECONDS);
    return true;
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
      if (!save(reply, { connectionId, remembered, target })) return undefined;
      return { url, ...(post !== undefined && { post }) };
    },
    find(request) {
      const value = readCookies(request)[cookieName(COOKIE, origin)];
      const fields = value === undefined ? undefined : openToken(box, value, CONTEXT);
      if (fields?.c === undefined || !(Number(fields.u) > clock.now().getTime())) return undefined;
      return { connectionId: fields.c, remembered: JSON.parse(fields.r ?? '{}') as Remembered, target: fields.t };
    },
    end: (reply) => clearCookie(reply, origin, COOKIE),
  };
}
