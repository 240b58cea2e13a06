/**
 * Reading and writing cookies, and the list of all that this server sets. They are HttpOnly, SameSite=Lax, for the
 * whole host; over https they carry the `__Host-` prefix, so that a neighbouring subdomain cannot plant one (cookie
 * tossing). No cookie is set whose name is not in the list, or whose value is longer than the list says (ADR 0071).
 */
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { assert } from '../../kernel/assert.js';

/**
 * Every cookie and the most characters of its value. Attack (cookie bomb): what other sites make a browser keep is sent
 * with every request, and proxies refuse requests whose cookies are too many. Names and values of all of them together
 * stay below 4,096 bytes.
 */
export const COOKIES = {
  vestibule_session: 720,
  vestibule_device: 400,
  vestibule_setup: 64,
  vestibule_login_0: 444,
  vestibule_login_1: 444,
  vestibule_login_2: 444,
  vestibule_login_3: 444,
  vestibule_login_4: 444,
  vestibule_login_5: 444,
} as const;

export type CookieName = keyof typeof COOKIES;

/** Name as sent: with the `__Host-` prefix where the origin is https. */
export function cookieName(name: string, origin: string): string {
  return origin.startsWith('https:') ? `__Host-${name}` : name;
}

/** All cookies of the request by name. Malformed ones are left out. */
export function readCookies(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  return parseCookie(request.headers.cookie ?? '');
}

/**
 * Sets a cookie until the browser closes, or for `maxAgeSeconds`. The caller has made sure that the value is short
 * enough.
 */
export function setCookie(
  reply: FastifyReply,
  origin: string,
  name: CookieName,
  value: string,
  maxAgeSeconds?: number,
): void {
  assert(value.length <= COOKIES[name], `the cookie ${name} is longer than all cookies together allow`);
  // Fastify adds one line to this header for each call; cookies that were set before stay.
  reply.header('set-cookie', toSetCookie(origin, name, value, maxAgeSeconds));
}

function toSetCookie(origin: string, name: string, value: string, maxAgeSeconds: number | undefined): string {
  return stringifySetCookie({
    name: cookieName(name, origin),
    value,
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: origin.startsWith('https:'),
    ...(maxAgeSeconds !== undefined && { maxAge: maxAgeSeconds }),
  });
}

/** The line of a `Set-Cookie` header that takes a cookie back. */
export function toClearedCookie(origin: string, name: string): string {
  return toSetCookie(origin, name, '', 0);
}

/** Takes a cookie back. */
export function clearCookie(reply: FastifyReply, origin: string, name: string): void {
  reply.header('set-cookie', toClearedCookie(origin, name));
}
