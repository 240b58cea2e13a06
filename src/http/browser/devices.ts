/**
 * The cookie that recognizes a browser with which somebody signed in before (OWASP, "Slow down online guessing attacks
 * with device cookies"). Such a browser gets its own allowance of tries when the one for unknown browsers is used up
 * (login/attempt-limits.ts). The cookie does nothing else: it opens no session and proves no identity. It is sealed, so
 * that it shows no user id, and nothing of it is stored on the server.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../kernel/clock.js';
import { type Entropy, randomAlphanumeric } from '../../kernel/ids.js';
import { openToken, type SecretBox, sealToken } from '../../kernel/seal.js';
import type { KnownDevice } from '../../login/attempt-limits.js';
import { COOKIES, cookieName, readCookies, setCookie } from './cookies.js';

const COOKIE = 'vestibule_device';
const CONTEXT = 'device';
/**
 * Lifetime of the cookie, half a year: longer than a session usually lasts, shorter than one person usually keeps a
 * machine.
 */
const DEVICE_SECONDS = 180 * 86_400;
/**
 * Maximum number of people remembered in a shared browser. Beyond that, the one who signed in longest ago is forgotten.
 */
const MAX_PEOPLE = 4;

export interface BrowserDevices {
  /**
   * Returns the known device, with the people who signed in with this browser. Undefined when nobody did in the last
   * half year.
   */
  find(request: FastifyRequest): KnownDevice | undefined;
  /** Remembers a person who presented a credential of their own in this browser. */
  keep(request: FastifyRequest, reply: FastifyReply, userId: string): void;
}

function parseUserIds(text: string | undefined): readonly string[] {
  const value: unknown = text === undefined ? undefined : JSON.parse(text);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Creates the functions that read and set the device cookie. `box` seals with the key for cookies. */
export function createBrowserDevices(deps: {
  box: SecretBox;
  clock: Clock;
  entropy: Entropy;
  origin: string;
}): BrowserDevices {
  const { box, clock, entropy, origin } = deps;

  function find(request: FastifyRequest): KnownDevice | undefined {
    const value = readCookies(request)[cookieName(COOKIE, origin)];
    const fields = value === undefined ? undefined : openToken(box, value, CONTEXT);
    if (fields?.i === undefined) return undefined;
    // Checks the age here too, because a browser may keep a cookie for longer than it should.
    if (!(Number(fields.t) + DEVICE_SECONDS * 1000 > clock.now().getTime())) return undefined;
    return { id: fields.i, userIds: parseUserIds(fields.u) };
  }

  function seal(id: string, userIds: readonly string[]): string | undefined {
    const fields = { i: id, t: String(clock.now().getTime()), u: JSON.stringify(userIds) };
    const value = sealToken(box, fields, CONTEXT);
    // Leaves out people until the value fits. A user id of this server's own database has 30 characters, one from an
    // identity provider up to several hundred.
    if (value.length <= COOKIES[COOKIE]) return value;
    return userIds.length > 1 ? seal(id, userIds.slice(0, -1)) : undefined;
  }

  return {
    find,
    keep(request, reply, userId) {
      const known = find(request);
      const others = (known?.userIds ?? []).filter((other) => other !== userId);
      const value = seal(known?.id ?? randomAlphanumeric(entropy, 22), [userId, ...others].slice(0, MAX_PEOPLE));
      if (value !== undefined) setCookie(reply, origin, COOKIE, value, DEVICE_SECONDS);
    },
  };
}
