/**
 * The page of the link in the mail about a first factor: GET and POST /u/stop-factor. Its button removes every factor of
 * the account, ends the password and signs everybody out. Mail scanners open every link, so opening it changes nothing.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { mailBrandOf } from '../../../domain/look/brand.js';
import type { Email } from '../../../domain/people/email.js';
import { openStop, STOP_SECONDS } from '../../../domain/ticket.js';
import { addSeconds } from '../../../kernel/clock.js';
import { hashSecret, newSecret } from '../../../kernel/ids.js';
import { STOP_PATH } from '../../../login/factor-mail.js';
import type { StopLink, Ticket } from '../../../ports/account-recovery.js';
import type { LoginRoutesDeps } from '../deps.js';
import { readField, type Visit } from '../step.js';
import { wishOf } from './mail-wish.js';
import { placeOf, sendUsedTicket, toLogLine, toTicketPage } from './ticket.js';

interface Opened {
  readonly link: StopLink;
  readonly ticket: Ticket;
  readonly expiresAt: Date;
}

/** Finds the account of this request's link; undefined when the link cannot be used (any more). */
async function openLink({ request, deps }: Visit): Promise<Opened | undefined> {
  const sealed = openStop(deps.ticketBox, readField(request.query, 'ticket') ?? '');
  if (sealed === undefined) return undefined;
  const { userId, secret, email, organizationId, at: mailedAt } = sealed;
  const expiresAt = addSeconds(mailedAt, STOP_SECONDS);
  // Attack: somebody reads the mailbox later, and removes a factor that its owner relies on by then.
  if (deps.pipeline.clock.now() >= expiresAt) return undefined;
  const link = { userId, ticketHash: hashSecret(secret), email, organizationId, mailedAt };
  const ticket = await deps.recovery.findStop(link);
  return ticket && { link, ticket, expiresAt };
}

function show(visit: Visit, ticket: Ticket, state: 'ask' | 'done'): FastifyReply {
  const model = { ...toTicketPage(visit, ticket, STOP_PATH), page: 'stop-factor', done: state === 'done' } as const;
  return visit.deps.sendPage(visit.reply, model, placeOf(ticket));
}

async function stop(visit: Visit, { link, ticket, expiresAt }: Opened): Promise<FastifyReply> {
  const { request, reply, deps } = visit;
  const { clock, entropy } = deps.pipeline;
  const at = clock.now();
  const stopped = await deps.recovery.stopFactors({
    ...link,
    ...{ at, expiresAt },
    notice: {
      ...{ id: newSecret(entropy), to: ticket.email as Email, template: 'factor_changed' },
      model: {
        ...{ brand: mailBrandOf(placeOf(ticket), deps.origin), change: 'reset' },
        ...{ at: at.toISOString(), ip: request.ip, wish: wishOf(request) },
      },
    },
    log: toLogLine(visit, 'gd_unenroll', ticket, 'All second factors were removed by the link in the mail'),
  });
  if (!stopped) return sendUsedTicket(visit, 'stop_factor');
  await deps.sessions.end(request, reply);
  return show(visit, ticket, 'done');
}

/** Registers GET and POST /u/stop-factor. */
export function registerStopFactor(app: FastifyInstance, deps: LoginRoutesDeps): void {
  const answer =
    (use: (visit: Visit, opened: Opened) => FastifyReply | Promise<FastifyReply>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const visit = { request, reply, deps };
      const opened = await openLink(visit);
      return opened === undefined ? sendUsedTicket(visit, 'stop_factor') : use(visit, opened);
    };
  app.get(
    STOP_PATH,
    answer((visit, { ticket }) => show(visit, ticket, 'ask')),
  );
  app.post(STOP_PATH, answer(stop));
}
