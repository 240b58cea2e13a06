/**
 * The page of the link that confirms an address. Opening it changes nothing; the button on the page confirms. Otherwise
 * mail scanners, which open every link, would use up the ticket, or confirm an address whose mail nobody reads.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Ticket } from '../../../ports/account-recovery.js';
import type { LoginRoutesDeps } from '../deps.js';
import type { Visit } from '../step.js';
import { type OpenTicket, placeOf, registerLink, sendUsedTicket, toLogLine, toTicketPage } from './ticket.js';

const PATH = '/u/verify-email';

function show(
  visit: Visit,
  ticket: Ticket,
  state: { readonly done: boolean; readonly passwordEnded?: boolean },
): FastifyReply {
  const { reply, deps } = visit;
  return deps.sendPage(
    reply,
    {
      ...toTicketPage(visit, ticket, PATH),
      page: 'verify-email',
      done: state.done,
      ...(state.passwordEnded && { passwordEnded: true as const }),
    },
    placeOf(ticket),
  );
}

async function confirm(visit: Visit, { ticket, ticketHash }: OpenTicket): Promise<FastifyReply> {
  const { deps } = visit;
  const used = await deps.recovery.useVerificationTicket({
    userId: ticket.userId,
    ticketHash,
    at: deps.pipeline.clock.now(),
    log: toLogLine(visit, 'sv', ticket),
  });
  if (used === undefined) return sendUsedTicket(visit, 'verify_email');
  return show(visit, ticket, { done: true, passwordEnded: used === 'used_password_ended' });
}

/** Registers GET and POST /u/verify-email. */
export function registerVerifyEmail(app: FastifyInstance, deps: LoginRoutesDeps): void {
  registerLink(
    app,
    deps,
    { path: PATH, purpose: 'verify_email' },
    { show: (visit, { ticket }) => show(visit, ticket, { done: false }), submit: confirm },
  );
}
