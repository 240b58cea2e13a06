/**
 * Links from a mail or from the Management API: finds the ticket that a link has, and tells why it cannot be used. The
 * page of such a link belongs to no login. It trusts only the sealed ticket, never a cookie.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toLoginRoute } from '../../../domain/login-route.js';
import { brandOf, type KnownPlace } from '../../../domain/look/brand.js';
import { type TicketPurpose, ticketContext } from '../../../domain/ticket.js';
import { hashSecret, newLogId } from '../../../kernel/ids.js';
import { openToken } from '../../../kernel/seal.js';
import { type Lasts, type RefusalCode, refuse } from '../../../login/refusals.js';
import { newTrace } from '../../../login/trace.js';
import type { EndedTicket, Ticket } from '../../../ports/account-recovery.js';
import type { LogEntry } from '../../../ports/ledger.js';
import { userAgentOf } from '../../browser/user-agent.js';
import type { LoginRoutesDeps } from '../deps.js';
import { sendRefusedRequest } from '../refused-request.js';
import { readField, type Visit } from '../step.js';

export interface OpenTicket {
  readonly ticket: Ticket;
  readonly ticketHash: Buffer;
}

/**
 * Opens the seal of the link's ticket; undefined when this server did not seal it, or sealed it for another purpose.
 */
function openLink({ request, deps }: Visit, purpose: TicketPurpose) {
  return openToken(deps.ticketBox, readField(request.query, 'ticket') ?? '', ticketContext(purpose));
}

/** Finds the ticket of this request's link; undefined when it is forged, used, expired, or for another purpose. */
async function findTicket(visit: Visit, purpose: TicketPurpose): Promise<OpenTicket | undefined> {
  const { deps } = visit;
  const fields = openLink(visit, purpose);
  if (fields?.u === undefined || fields.r === undefined) return undefined;
  const ticketHash = hashSecret(fields.r);
  const ticket = await deps.recovery.findTicket({ userId: fields.u, ticketHash, at: deps.pipeline.clock.now() });
  return ticket?.purpose === purpose ? { ticket, ticketHash } : undefined;
}

/**
 * Returns the person's next page: the address in the ticket, else the one at which a login begins ({@link findSignIn}).
 */
function findWayOn(ticket: Ticket): string | undefined {
  return ticket.resultUrl ?? findSignIn(ticket);
}

/**
 * Returns the address at which a login begins, from the application's or the tenant's settings; undefined if there is
 * none.
 */
export function findSignIn({ initiateLoginUri, tenant, organization }: Ticket): string | undefined {
  return toLoginRoute(initiateLoginUri ?? tenant.defaultRedirectionUri, organization);
}

/** Returns the tenant, organization and application that the page of a ticket shows. */
export function placeOf({ organization, tenant, applicationName }: Ticket): KnownPlace {
  return { organization, tenant, ...(applicationName !== undefined && { client: { name: applicationName } }) };
}

/** Returns the address to which the page at `path` posts its form: the same path, with the same ticket. */
export function ticketAction(request: FastifyRequest, path: string): string {
  return `${path}?ticket=${encodeURIComponent(readField(request.query, 'ticket') ?? '')}`;
}

/** Returns why a ticket that this server sealed cannot be used. A new password marks all earlier tickets as used. */
function endOf(ticket: EndedTicket | undefined, purpose: TicketPurpose): string {
  if (ticket === undefined) return 'withdrawn, or ended long ago';
  if (ticket.purpose !== purpose) return `made for something else (${ticket.purpose})`;
  const { usedAt, expiresAt } = ticket;
  return usedAt ? `used or withdrawn at ${usedAt.toISOString()}` : `expired at ${expiresAt.toISOString()}`;
}

export interface RefusedLink {
  readonly code?: RefusalCode;
  readonly purpose: TicketPurpose | 'sign_up';
  readonly detail: string;
  /** How long the limit lasts, if it is one. */
  readonly lasts?: Lasts;
  /** The person whom the log line names. */
  readonly about: NonNullable<Parameters<typeof newTrace>[0]>;
}

/** Logs why a link is refused, by default as one that cannot be used, and sends the page which says so. */
export function refuseLink(
  { request, reply, deps }: Visit,
  { code = 'authenticate.ticket_not_usable', purpose, detail, lasts, about }: RefusedLink,
): Promise<FastifyReply> {
  const { userId } = about;
  const trace = newTrace(about);
  trace.add('authenticate', 'ticket', 'refuse', { purpose, detail, ...(userId !== undefined && { user: userId }) });
  return sendRefusedRequest(request, reply, deps, {
    refusal: { ...refuse(code, detail), ...(lasts && { lasts }) },
    trace,
  });
}

/**
 * Sends the page which says that the link cannot be used. Logs the user and the reason if this server sealed the
 * ticket.
 */
export async function sendUsedTicket(visit: Visit, purpose: TicketPurpose): Promise<FastifyReply> {
  const { recovery } = visit.deps;
  const { u: userId, r: secret } = openLink(visit, purpose) ?? {};
  const ours = userId !== undefined && secret !== undefined;
  const ticket = ours ? await recovery.findEndedTicket({ userId, ticketHash: hashSecret(secret) }) : undefined;
  const detail = ours ? endOf(ticket, purpose) : 'not one of ours';
  return refuseLink(visit, {
    purpose,
    detail,
    about: { userId, email: ticket?.email, organizationId: ticket?.organizationId },
  });
}

/**
 * Answers 429 for too many passwords with one link. Attack: somebody with a link posts hundreds of passwords at once,
 * and all are checked and hashed before the first one uses up the link.
 */
export function sendTooMany(visit: Visit, link: Pick<RefusedLink, 'purpose' | 'about'>): Promise<FastifyReply> {
  const code = 'authenticate.too_many_attempts';
  return refuseLink(visit, { ...link, code, lasts: 'minute', detail: 'too many passwords by one link' });
}

/** Answers a request whose link has a ticket that can be used. */
type Answer = (visit: Visit, open: OpenTicket) => FastifyReply | Promise<FastifyReply>;

/**
 * Registers GET and POST of the page at `path` for links of this purpose. A link that cannot be used is answered here.
 * `show` must change nothing: mail scanners open every link.
 */
export function registerLink(
  app: FastifyInstance,
  deps: LoginRoutesDeps,
  { path, purpose }: { readonly path: string; readonly purpose: TicketPurpose },
  { show, submit }: { readonly show: Answer; readonly submit: Answer },
): void {
  const answer = (use: Answer) => async (request: FastifyRequest, reply: FastifyReply) => {
    const visit = { request, reply, deps };
    const open = await findTicket(visit, purpose);
    return open === undefined ? sendUsedTicket(visit, purpose) : use(visit, open);
  };
  app.get(path, answer(show));
  app.post(path, answer(submit));
}

/** Returns the facts that the page of each such link shows. `path`: where its form is posted, with the same ticket. */
export function toTicketPage({ request, deps }: Visit, ticket: Ticket, path: string) {
  return {
    brand: brandOf(placeOf(ticket), deps.origin),
    action: ticketAction(request, path),
    errors: [],
    email: ticket.email,
    continueUrl: findWayOn(ticket),
  };
}

/** Builds the log line for the use of a ticket; `type` is Auth0's code. */
export function toLogLine({ request, deps }: Visit, type: string, ticket: Ticket, description?: string): LogEntry {
  const at = deps.pipeline.clock.now();
  return {
    logId: newLogId(deps.pipeline.entropy, at),
    date: at,
    type,
    ...(description !== undefined && { description }),
    userId: ticket.userId,
    ip: request.ip,
    userAgent: userAgentOf(request),
    ...(ticket.organization && { organizationId: ticket.organization.id }),
    details: { email: ticket.email },
  };
}
