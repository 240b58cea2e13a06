/**
 * Reading and writing cookies. Cookies of this server are HttpOnly, SameSite=Lax, for the whole host; over https they carry the
 * `__Host-` prefix, so that a neighbouring subdomain cannot plant one (cookie tossing).
 */
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Name as sent: with the `__Host-` prefix where the origin is https. */
export function cookieName(name: string, origin: string): string {
  return origin.startsWith('https:') ? `__Host-${name}` : name;
}

/** All cookies of the request by name. Malformed ones are left out. */
export function readCookies(request: FastifyRequest): Readonly<Record<string, string | undefined>> {
  return parseCookie(request.headers.cookie ?? '');
}

/** Sets a cookie until the browser closes, or for `maxAgeSeconds`. */
export function setCookie(
  reply: FastifyReply,
  origin: string,
  name: string,
  value: string,
  maxAgeSeconds?: number,
): void {
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
  setCookie(reply, origin, name, '', 0);
}
