/**
 * Links out of a mail or from the Management API: finds the ticket that such a link carries, and says where it cannot be used. A page
 * of a ticket belongs to no login; it trusts the sealed ticket alone, never a cookie.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TicketPurpose, ticketContext } from '../../domain/ticket.js';
import { hashSecret, newLogId, newReference } from '../../kernel/ids.js';
import { openToken } from '../../kernel/seal.js';
import type { Ticket } from '../../ports/account-recovery.js';
import type { LogEntry } from '../../ports/ledger.js';
import { brandOf } from './brand.js';
import type { LoginRoutesDeps } from './deps.js';
import { userAgentOf } from './outcome.js';
import { readFields } from './step.js';

export interface OpenTicket {
  readonly ticket: Ticket;
  readonly ticketHash: Buffer;
}

/** The ticket of this request's link; undefined when it is forged, used, too old, or made for something else. */
export async function findTicket(
  request: FastifyRequest,
  deps: LoginRoutesDeps,
  purpose: TicketPurpose,
): Promise<OpenTicket | undefined> {
  const fields = openToken(deps.ticketBox, readFields(request.query).ticket ?? '', ticketContext(purpose));
  if (fields?.u === undefined || fields.r === undefined) return undefined;
  const ticketHash = hashSecret(fields.r);
  const ticket = await deps.recovery.findTicket({ userId: fields.u, ticketHash, at: deps.pipeline.clock.now() });
  return ticket?.purpose === purpose ? { ticket, ticketHash } : undefined;
}

/** Where the page at `path` posts its form: to itself, with the ticket that it was opened with. */
export function ticketAction(request: FastifyRequest, path: string): string {
  return `${path}?ticket=${encodeURIComponent(readFields(request.query).ticket ?? '')}`;
}

/** Says that the link is of no use any more. */
export function sendUsedTicket(reply: FastifyReply, deps: LoginRoutesDeps): FastifyReply {
  return deps.sendPage(
    reply,
    {
      page: 'error',
      brand: brandOf(undefined, undefined),
      title: 'This link cannot be used',
      sentence: 'It has been used, or is older than its time limit. Each link works once.',
      advice: 'Go back to the application and ask for a new one.',
      reference: newReference(deps.pipeline.entropy),
      technical: undefined,
      links: [],
    },
    400,
  );
}

/** The line of the log for the use of a ticket; `type` is Auth0's code. */
export function toLogLine(request: FastifyRequest, deps: LoginRoutesDeps, type: string, ticket: Ticket): LogEntry {
  const at = deps.pipeline.clock.now();
  return {
    logId: newLogId(deps.pipeline.entropy, at),
    date: at,
    type,
    userId: ticket.userId,
    ip: request.ip,
    userAgent: userAgentOf(request),
    ...(ticket.organization && { organizationId: ticket.organization.id }),
    details: { email: ticket.email },
  };
}
