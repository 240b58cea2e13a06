/**
 * The page of the link that confirms an address. Opening it changes nothing; the button on the page confirms. Otherwise
 * mail scanners, which open every link, would use up the ticket, or confirm an address whose mail nobody reads.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Ticket } from '../../../ports/account-recovery.js';
import type { LoginRoutesDeps } from '../deps.js';
import { type OpenTicket, placeOf, sendUsedTicket, toLogLine, toTicketPage, withTicket } from './ticket.js';

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
      ...toTicketPage(request, deps, ticket, PATH),
      page: 'verify-email',
      done: state.done,
      ...(state.passwordEnded && { passwordEnded: true as const }),
    },
    placeOf(ticket),
  );
}

async function confirm(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  { ticket, ticketHash }: OpenTicket,
): Promise<FastifyReply> {
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
  app.get(PATH, (request, reply) =>
    withTicket(request, reply, deps, 'verify_email', ({ ticket }) =>
      show(request, reply, deps, ticket, { done: false }),
    ),
  );
  app.post(PATH, (request, reply) =>
    withTicket(request, reply, deps, 'verify_email', (open) => confirm(request, reply, deps, open)),
  );
}
