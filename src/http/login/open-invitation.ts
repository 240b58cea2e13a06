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
  // Before the address is looked at: the sign-in page can offer the invitation of an application without one.
  if (invitation !== undefined) await noteOpening(request, reply, deps, ticket, invitation);
  const url = invitation && toInvitationUrl(invitation.loginRoute, invitation.organization, text);
  if (invitation === undefined || url === undefined) {
    const detail = invitation ? `the client ${invitation.clientId} has no initiate_login_uri` : 'no such ticket';
    const refusal = refuse('identify.invitation_not_found', detail);
    const trace = newTrace({ organizationId: invitation?.organization.id });
    trace.add('identify', 'invitation_not_found', 'refuse', { detail });
    return sendRefusedRequest(request, reply, deps, { refusal, trace });
  }
  // The application answers for a used or expired invitation, too: /authorize tells it the reason.
  return redirect(request, reply, url);
}

/**
 * Forgets the invitation that this browser opened, if the application passed it on to /authorize. Comes before the
 * request is checked: an application whose request is refused has passed the invitation on all the same.
 */
export async function forgetPassedOn(
  request: FastifyRequest,
  reply: FastifyReply,
  { remembered }: LoginRoutesDeps,
  { request: asked }: LoginTransaction,
): Promise<void> {
  if (asked.invitation === undefined) return;
  const opened = await remembered.find(request);
  if (opened?.ticket === asked.invitation && opened.clientId === asked.clientId) remembered.forget(reply);
}

/**
 * Counts for the operators, outside of the login, that the application did not pass on the invitation that this browser
 * opened. Does not count a silent request, a prefetch or a login at another organization: no invited person comes with
 * those.
 */
export async function noteReturn(
  request: FastifyRequest,
  deps: LoginRoutesDeps,
  { request: asked, organizationId }: LoginTransaction,
): Promise<void> {
  if (asked.invitation !== undefined || hasPrompt(asked, 'none') || !isOpening(request)) return;
  const opened = await deps.remembered.find(request);
  if (opened === undefined || opened.clientId !== asked.clientId) return;
  if (organizationId !== undefined && organizationId !== opened.organizationId) return;
  const at = deps.pipeline.clock.now();
  await toCount(request, deps.openedInvitations.countCameWithout(opened.ticket, opened.clientId, at));
}

/**
 * Returns the request of the login with the invitation that this browser opened, and that invitation's organization.
 * Undefined unless the invitation is pending and for this application, and the login is at no other organization.
 */
async function findOffer({ request, reply, deps, transaction, identified }: Step) {
  const { request: asked } = transaction;
  // A double of Auth0 offers nothing: there the invitation would be lost.
  if (asked.invitation !== undefined || identified.tenant.habits !== undefined) return undefined;
  const opened = await deps.remembered.find(request);
  if (opened === undefined || opened.clientId !== asked.clientId) return undefined;
  const { organizationId, ticket } = opened;
  if (identified.organization !== undefined && identified.organization.id !== organizationId) return undefined;
  const invited = { ...asked, organization: organizationId, invitation: ticket };
  const input = { at: deps.pipeline.clock.now(), request: invited, organizationId: undefined };
  const target = await findTarget(input, deps.pipeline.reads);
  const checked = target && checkTarget(target, input, newTrace());
  if (checked === undefined) return undefined;
  // Used, revoked or expired: it is not looked for again.
  if (isRefusal(checked) && checked.code === 'identify.invitation_not_found') deps.remembered.forget(reply);
  if (isRefusal(checked) || checked.organization === undefined) return undefined;
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
  // A login of its own: the one that was begun stays an ordinary sign-in, also on another tab and after a step back.
  // Attack: a stranger's offer is looked at and left, and the next password joins the stranger's organization.
  const transaction = deps.transactions.start(offer.invited, offer.organization.id);
  const identified = await findIdentified(request, reply, deps, transaction);
  return identified === undefined ? reply : goOn(request, reply, deps, { transaction, identified });
}

/** Registers GET /u/invitation/open. */
export function registerOpenInvitation(app: FastifyInstance, deps: LoginRoutesDeps): void {
  app.get(OPEN_INVITATION_PATH, (request, reply) => open(request, reply, deps));
}
