/**
 * The link in an invitation's mail, and what the sign-in pages know of it. The link redirects to the application, as the
 * link of the Management API does, and the browser remembers that it was opened. An application that passes the
 * invitation on to /authorize ends that memory. If it does not, the sign-in page offers the invitation. Never accepts
 * an invitation, and never continues with one unless the person asks for it.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasPrompt } from '../../domain/authorization-request.js';
import { isLive } from '../../domain/people/account.js';
import { OPEN_INVITATION_PATH, toInvitationUrl } from '../../domain/people/invitation-link.js';
import { organizationTitle } from '../../domain/tenant.js';
import { readInvitationTicket } from '../../domain/ticket.js';
import { checkTarget, findTarget } from '../../login/1-identify.js';
import { isRefusal, refuse } from '../../login/refusals.js';
import { newTrace } from '../../login/trace.js';
import type { LinkedInvitation } from '../../ports/opened-invitations.js';
import type { LoginTransaction } from '../browser/transactions.js';
import { redirect } from '../oauth/authorization-answer.js';
import type { LoginRoutesDeps } from './deps.js';
import { goOn } from './flow.js';
import { sendRefusedRequest } from './refused-request.js';
import { findIdentified, readFields, type Step } from './step.js';

/**
 * True when a browser shows the link to somebody. False for HEAD, a prefetch, and a picture or frame of another page. A
 * mail scanner that fetches the link like a browser cannot be told apart: it counts as an opening, and does no more.
 */
function isOpening({ method, headers }: FastifyRequest): boolean {
  const purpose = String(headers['sec-purpose'] ?? headers.purpose ?? '');
  const place = headers['sec-fetch-dest'];
  return method === 'GET' && !/prefetch|prerender/i.test(purpose) && (place === undefined || place === 'document');
}

/** Waits for a count, and logs its failure: a database in trouble must not keep people from signing in. */
async function toCount(request: FastifyRequest, counted: Promise<void>): Promise<void> {
  await counted.catch((error: Error) => request.log.warn({ reason: error.message }, 'an invitation was not counted'));
}

async function noteOpening(
  request: FastifyRequest,
  reply: FastifyReply,
  { remembered, openedInvitations, pipeline }: LoginRoutesDeps,
  ticket: string,
  { organization, clientId, expiresAt, consumedAt }: LinkedInvitation,
): Promise<void> {
  const now = pipeline.clock.now();
  if (!isOpening(request) || !isLive({ expiresAt, consumedAt }, now)) return;
  await remembered.keep(request, reply, { ticket, organizationId: organization.id, clientId }, expiresAt);
  await toCount(request, openedInvitations.countOpened(ticket, now));
}

async function open(request: FastifyRequest, reply: FastifyReply, deps: LoginRoutesDeps): Promise<FastifyReply> {
  const { invitation: text = '' } = readFields(request.query);
  const { ticket } = readInvitationTicket(deps.ticketBox, text);
  const invitation = await deps.openedInvitations.find(ticket);
  const url = invitation && toInvitationUrl(invitation.loginRoute, invitation.organization, text);
  if (invitation === undefined || url === undefined) {
    const detail = invitation ? `the client ${invitation.clientId} has no initiate_login_uri` : 'no such ticket';
    const refusal = refuse('identify.invitation_not_found', detail);
    const trace = newTrace({ organizationId: invitation?.organization.id });
    trace.add('identify', 'invitation_not_found', 'refuse', { detail });
    return sendRefusedRequest(request, reply, deps, { refusal, trace });
  }
  await noteOpening(request, reply, deps, ticket, invitation);
  // The application answers for a used or expired invitation, too: /authorize tells it the reason.
  return redirect(request, reply, url);
}

/**
 * Notes at /authorize whether the application passed on the invitation that this browser opened. If it did, forgets the
 * invitation. If it did not, counts that for the operators, outside of the login. A silent request is not counted: no
 * person comes with it.
 */
export async function noteReturn(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  { request: asked }: LoginTransaction,
): Promise<void> {
  const opened = await deps.remembered.find(request);
  if (opened === undefined || opened.clientId !== asked.clientId) return;
  if (asked.invitation === opened.ticket) return deps.remembered.forget(reply);
  if (asked.invitation !== undefined || hasPrompt(asked, 'none')) return;
  const at = deps.pipeline.clock.now();
  await toCount(request, deps.openedInvitations.countCameWithout(opened.ticket, opened.clientId, at));
}

/**
 * Returns the request of the login with the invitation that this browser opened, and that invitation's organization.
 * Undefined unless the invitation is pending and for this application, and the login is at no other organization.
 */
async function findOffer({ request, deps, transaction, identified }: Step) {
  const { request: asked } = transaction;
  if (asked.invitation !== undefined) return undefined;
  const opened = await deps.remembered.find(request);
  if (opened === undefined || opened.clientId !== asked.clientId) return undefined;
  const { organizationId, ticket } = opened;
  if (identified.organization !== undefined && identified.organization.id !== organizationId) return undefined;
  const invited = { ...asked, organization: organizationId, invitation: ticket };
  const input = { at: deps.pipeline.clock.now(), request: invited, organizationId: undefined };
  const target = await findTarget(input, deps.pipeline.reads);
  const checked = target && checkTarget(target, input, newTrace());
  if (checked === undefined || isRefusal(checked) || checked.organization === undefined) return undefined;
  return { invited, organization: checked.organization };
}

/** Returns the title of the organization whose invitation a sign-in page offers; undefined if there is none. */
export async function findOfferedTitle(step: Step): Promise<string | undefined> {
  const offer = await findOffer(step);
  return offer && organizationTitle(offer.organization);
}

/**
 * Continues with the invitation that this browser opened, because the person asked for it. Its own page comes next, and
 * nothing is accepted before they confirm there. Attack: a stranger's page opens a link to the stranger's organization
 * in another person's browser, so that they join it. Returns undefined when there is no such invitation any more.
 */
export async function followOffer(step: Step): Promise<FastifyReply | undefined> {
  const { request, reply, deps } = step;
  const offer = await findOffer(step);
  if (offer === undefined) return undefined;
  // The typed address, and the way that an Action chose for it, belong to another way in.
  const { username: _typed, routed: _routed, database: _database, ...rest } = step.transaction;
  const transaction = { ...rest, request: offer.invited, organizationId: offer.organization.id };
  const identified = await findIdentified(request, reply, deps, transaction);
  return identified === undefined ? reply : goOn(request, reply, deps, { transaction, identified });
}

/** Registers GET /u/invitation/open. */
export function registerOpenInvitation(app: FastifyInstance, deps: LoginRoutesDeps): void {
  app.get(OPEN_INVITATION_PATH, (request, reply) => open(request, reply, deps));
}
