/**
 * The page of the link in the mail about a first factor: GET and POST /u/stop-factor. Its button removes every factor of
 * the account, ends the password and signs everybody out. Mail scanners open every link, so opening it changes nothing.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { mailBrandOf } from '../../../domain/look/brand.js';
import type { Email } from '../../../domain/people/email.js';
import { openStop, STOP_SECONDS } from '../../../domain/ticket.js';
import { addSeconds } from '../../../kernel/clock.js';
import { hashSecret, newSecret } from '../../../kernel/ids.js';
import { STOP_PATH } from '../../../login/factor-mail.js';
import type { StopLink, StopLinkEnd, Ticket } from '../../../ports/account-recovery.js';
import type { LoginRoutesDeps } from '../deps.js';
import { readField, type Visit } from '../step.js';
import { wishOf } from './mail-wish.js';
import { placeOf, refuseLink, toLogLine, toTicketPage } from './ticket.js';

interface Opened {
  readonly link: StopLink;
  readonly ticket: Ticket;
  readonly expiresAt: Date;
}

const ENDS: Readonly<Record<StopLinkEnd, string>> = {
  account: 'the account was deleted',
  address: 'the account has another address by now',
  used: 'used before',
  operator: 'the account is an operator’s; `vestibule operator reset-factors` removes its factors',
  older: 'the account has a factor that is older than the mail',
};

/** Logs why the link cannot be used, and sends the page which says so. `link`: absent when this server did not seal it. */
function refuseStop(visit: Visit, detail: string, link?: StopLink): Promise<FastifyReply> {
  const about = { userId: link?.userId, email: link?.email, organizationId: link?.organizationId };
  return refuseLink(visit, { purpose: 'stop_factor', detail, about });
}

/** Opens this request's link, and passes it on to `use` if it can be used. */
async function openLink(
  visit: Visit,
  use: (visit: Visit, opened: Opened) => FastifyReply | Promise<FastifyReply>,
): Promise<FastifyReply> {
  const { request, deps } = visit;
  const sealed = openStop(deps.ticketBox, readField(request.query, 'ticket') ?? '');
  if (sealed === undefined) return refuseStop(visit, 'not one of ours');
  const { userId, secret, email, organizationId, at: mailedAt } = sealed;
  const link = { userId, ticketHash: hashSecret(secret), email, organizationId, mailedAt };
  const expiresAt = addSeconds(mailedAt, STOP_SECONDS);
  // Attack: somebody reads the mailbox later, and removes a factor that its owner relies on by then.
  if (deps.pipeline.clock.now() >= expiresAt) return refuseStop(visit, `expired at ${expiresAt.toISOString()}`, link);
  const ticket = await deps.recovery.findStop(link);
  return typeof ticket === 'string' ? refuseStop(visit, ENDS[ticket], link) : use(visit, { link, ticket, expiresAt });
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
  // Somebody was faster.
  if (!stopped) return refuseStop(visit, 'used or changed at the same moment', link);
  await deps.sessions.end(request, reply);
  return show(visit, ticket, 'done');
}

/** Registers GET and POST /u/stop-factor. */
export function registerStopFactor(app: FastifyInstance, deps: LoginRoutesDeps): void {
  app.get(STOP_PATH, (request, reply) =>
    openLink({ request, reply, deps }, (visit, { ticket }) => show(visit, ticket, 'ask')),
  );
  app.post(STOP_PATH, (request, reply) => openLink({ request, reply, deps }, stop));
}
