/**
 * The page of the link that confirms an address. Opening it changes nothing; the button on the page confirms. Otherwise
 * mail scanners, which open every link, would use up the ticket, or confirm an address whose mail nobody reads.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { brandOf } from '../../../domain/look/brand.js';
import type { Ticket } from '../../../ports/account-recovery.js';
import type { LoginRoutesDeps } from '../deps.js';
import { findTicket, findWayOn, placeOf, sendUsedTicket, ticketAction, toLogLine } from './ticket.js';

const PATH = '/u/verify-email';

function show(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  ticket: Ticket,
  state: { readonly done: boolean; readonly passwordEnded?: boolean },
): FastifyReply {
  return deps.sendPage(
    reply,
    {
      page: 'verify-email',
      brand: brandOf(placeOf(ticket), deps.origin),
      action: ticketAction(request, PATH),
      errors: [],
      email: ticket.email,
      done: state.done,
      ...(state.passwordEnded && { passwordEnded: true as const }),
      continueUrl: findWayOn(ticket),
    },
    placeOf(ticket),
  );
}

async function ask(request: FastifyRequest, reply: FastifyReply, deps: LoginRoutesDeps): Promise<FastifyReply> {
  const open = await findTicket(request, deps, 'verify_email');
  return open
    ? show(request, reply, deps, open.ticket, { done: false })
    : sendUsedTicket(request, reply, deps, 'verify_email');
}

async function confirm(request: FastifyRequest, reply: FastifyReply, deps: LoginRoutesDeps): Promise<FastifyReply> {
  const open = await findTicket(request, deps, 'verify_email');
  if (open === undefined) return sendUsedTicket(request, reply, deps, 'verify_email');
  const { ticket, ticketHash } = open;
  const used = await deps.recovery.useVerificationTicket({
    userId: ticket.userId,
    ticketHash,
    at: deps.pipeline.clock.now(),
    log: toLogLine(request, deps, 'sv', ticket),
  });
  if (used === undefined) return sendUsedTicket(request, reply, deps, 'verify_email');
  return show(request, reply, deps, ticket, { done: true, passwordEnded: used === 'used_password_ended' });
}

/** Registers GET and POST /u/verify-email. */
export function registerVerifyEmail(app: FastifyInstance, deps: LoginRoutesDeps): void {
  app.get(PATH, (request, reply) => ask(request, reply, deps));
  app.post(PATH, (request, reply) => confirm(request, reply, deps));
}
