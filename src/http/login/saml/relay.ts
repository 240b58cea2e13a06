/**
 * Relays a form that another site made the browser post. Such a post comes without our SameSite=Lax cookies. So the
 * browser gets a page with the same fields, which posts them again from our own site, with the cookies. That page
 * contains only fields that the browser just sent. A form is relayed only once.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { brandOf } from '../../../domain/look/brand.js';
import type { LoginRoutesDeps } from '../deps.js';

const RELAYED = 'vestibule_relay';

type Fields = Readonly<Record<string, string>>;

/** Returns the fields without this server's own mark, and whether they had the mark. */
export function withoutRelayMark({ [RELAYED]: mark, ...fields }: Fields): { fields: Fields; isRelayed: boolean } {
  return { fields, isRelayed: mark !== undefined };
}

/** True for a form that names a login but came without its cookie, and was not relayed yet. */
export function comesAcrossSites(request: FastifyRequest, named: string | undefined, isRelayed: boolean): boolean {
  return request.method === 'POST' && !isRelayed && named !== undefined;
}

/** Sends the page that posts `fields` to `action` from this server's own site, so that the browser adds its cookies. */
export function relay(reply: FastifyReply, deps: LoginRoutesDeps, action: string, fields: Fields): FastifyReply {
  const brand = brandOf({}, deps.origin);
  return deps.sendPage(reply, { page: 'relay', brand, action, fields: { ...fields, [RELAYED]: '1' } }, {});
}
