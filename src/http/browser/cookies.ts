/**
 * Reads and writes cookies, and lists all that this server sets. They are HttpOnly, SameSite=Lax and for the whole
 * host. Over https their names have the `__Host-` prefix, so that a neighbouring subdomain cannot set one (cookie
 * tossing). Never sets a cookie whose name is not in the list, or whose value is longer than the list allows (ADR
 * 0071).
 */
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { assert } from '../../kernel/assert.js';

/**
 * Every cookie, with the most characters of its value. All names and values together stay below 4,096 bytes. Attack
 * (cookie bomb): a page of another site makes a browser keep many of our cookies. They are sent with every request, and
 * proxies refuse requests with too many bytes of cookies.
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

/** Returns a cookie's name as sent: with the `__Host-` prefix when the origin is https. */
export function cookieName(name: string, origin: string): string {
  return origin.startsWith('https:') ? `__Host-${name}` : name;
}

/** Returns all cookies of the request by name; leaves out malformed ones. */
export function readCookies(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  return parseCookie(request.headers.cookie ?? '');
}

/** Sets a cookie for `maxAgeSeconds`, or until the browser closes. The caller has checked the value's length. */
export function setCookie(
  reply: FastifyReply,
  origin: string,
  name: CookieName,
  value: string,
  maxAgeSeconds?: number,
): void {
  assert(value.length <= COOKIES[name], `the cookie ${name} is longer than all cookies together allow`);
  // Fastify adds one line to this header for each call; earlier cookies stay.
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

/** Returns the `Set-Cookie` line that deletes a cookie. */
export function toClearedCookie(origin: string, name: string): string {
  return toSetCookie(origin, name, '', 0);
}

/** Deletes a cookie. */
export function clearCookie(reply: FastifyReply, origin: string, name: string): void {
  reply.header('set-cookie', toClearedCookie(origin, name));
}
