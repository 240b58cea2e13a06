/**
 * The browser's session cookie: the user's id and the session's secret, sealed. The store has only a hash of the
 * secret, so a leaked database opens no session. With the user's id, the session is found by its primary key.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BrowserSession } from '../../domain/people/account.js';
import type { Clock } from '../../kernel/clock.js';
import { hashSecret } from '../../kernel/ids.js';
import { openToken, type SecretBox, sealToken } from '../../kernel/seal.js';
import type { LoginReads } from '../../ports/login-store.js';
import type { SessionEnder } from '../../ports/session-ender.js';
import { COOKIES, clearCookie, cookieName, readCookies, setCookie } from './cookies.js';

const COOKIE = 'vestibule_session';
const CONTEXT = 'session';

/** Content of the cookie; only the store knows whether the session is still valid. */
export interface SessionReference {
  readonly userId: string;
  readonly sessionHash: Buffer;
}

export interface BrowserSessions {
  /** Reads the session's user and hash from the cookie, without asking the store. */
  findReference(request: FastifyRequest): SessionReference | undefined;
  /** Finds this browser's valid session. */
  find(request: FastifyRequest): Promise<{ session: BrowserSession; sessionHash: Buffer } | undefined>;
  /**
   * Sets the cookie. Without a lifetime it lasts until the browser closes. If the user id has more than 450 bytes, no
   * cookie is set: that person signs in each time.
   */
  open(reply: FastifyReply, userId: string, secret: string, lifetimeSeconds: number | undefined): void;
  /** Sets the same session cookie again, with another lifetime. */
  keep(request: FastifyRequest, reply: FastifyReply, lifetimeSeconds: number | undefined): void;
  /** Revokes the session in the store and the refresh tokens issued from it, and clears the cookie. */
  revoke(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Revokes the session in the store and clears the cookie. */
  end(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

/** Creates the functions that read and set the session cookie. `box` seals with the key for cookies. */
export function createBrowserSessions(deps: {
  box: SecretBox;
  clock: Clock;
  origin: string;
  reads: Pick<LoginReads, 'findSession'>;
  ender: SessionEnder;
}): BrowserSessions {
  const { box, clock, origin, reads, ender } = deps;
  const findReference = (request: FastifyRequest): SessionReference | undefined => {
    const value = readCookies(request)[cookieName(COOKIE, origin)];
    const fields = value === undefined ? undefined : openToken(box, value, CONTEXT);
    return fields?.u !== undefined && fields.s !== undefined
      ? { userId: fields.u, sessionHash: hashSecret(fields.s) }
      : undefined;
  };
  return {
    findReference,
    async find(request) {
      const reference = findReference(request);
      if (reference === undefined) return undefined;
      const session = await reads.findSession({ ...reference, now: clock.now() });
      return session && { session, sessionHash: reference.sessionHash };
    },
    open(reply, userId, secret, lifetimeSeconds) {
      const value = sealToken(box, { u: userId, s: secret }, CONTEXT);
      if (value.length <= COOKIES[COOKIE]) setCookie(reply, origin, COOKIE, value, lifetimeSeconds);
      // Clears the cookie, because it may still hold the session that this one replaces.
      else clearCookie(reply, origin, COOKIE);
    },
    keep(request, reply, lifetimeSeconds) {
      const value = readCookies(request)[cookieName(COOKIE, origin)];
      if (value === undefined || value.length > COOKIES[COOKIE] || !findReference(request)) return;
      setCookie(reply, origin, COOKIE, value, lifetimeSeconds);
    },
    async revoke(request, reply) {
      const reference = findReference(request);
      clearCookie(reply, origin, COOKIE);
      if (reference) await ender.revokeSession(reference.userId, reference.sessionHash, clock.now());
    },
    async end(request, reply) {
      const reference = findReference(request);
      clearCookie(reply, origin, COOKIE);
      if (reference) await ender.endSession(reference.userId, reference.sessionHash);
    },
  };
}
