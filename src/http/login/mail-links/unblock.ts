/**
 * Lifts a block after too many wrong passwords: sends the account's owner a mail, if the tenant wants that, and serves
 * the link in it. Mail scanners open every link, so opening it changes nothing; the button on its page lifts the block.
 * Never reveals whether an account exists: a blocked attempt is answered after the same time with and without a mail.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Email } from '../../../domain/people/email.js';
import { subjectsOfAccount, subjectsOfAddress } from '../../../login/attempt-subjects.js';
import type { Ticket } from '../../../ports/account-recovery.js';
import type { LoginRoutesDeps } from '../deps.js';
import { databasesOf } from '../proof/database.js';
import type { Step, Visit } from '../step.js';
import { type FoundAccount, type LinkFor, newMailedTicket } from './mailed-ticket.js';
import { type OpenTicket, placeOf, registerLink, sendUsedTicket, toLogLine, toTicketPage } from './ticket.js';

const PATH = '/u/unblock';
/** Milliseconds after which the page answers. The delay hides whether anything was stored. */
const ANSWER_AFTER_MS = 250;

async function requestUnblock(
  place: LinkFor,
  found: FoundAccount,
  when: { readonly email: Email; readonly at: Date },
): Promise<void> {
  await place.deps.recovery.requestUnblock(await newMailedTicket('unblock', place, found, when));
}

/**
 * Mails a link to the owner of an account, if their address has reached a limit of attempts; the link lifts the limit.
 * Sends no second mail until that link is used or has expired. Does nothing unless the tenant wants such mails
 * (`user_notification`).
 */
export async function mailBlockedOwner(step: Step, email: Email): Promise<void> {
  const { deps, identified, request, transaction } = step;
  if (identified.tenant.attemptRules?.mailsOwner !== true) return;
  const { clock, reads } = deps.pipeline;
  const at = clock.now();
  const connectionIds = databasesOf(transaction, identified).map((item) => item.connection.id);
  const found = await reads.findPasswordAccount({ connectionIds, email });
  const userId = found?.account.userId;
  // Reads the account's own block only in a browser that the account knows. Otherwise the time of the answer would tell
  // strangers whether the owner's browser is blocked.
  const isKnownHere = userId !== undefined && deps.devices.find(request)?.userIds.includes(userId) === true;
  const subjects = [...subjectsOfAddress(email), ...(isKnownHere ? subjectsOfAccount(userId) : [])];
  if ((await deps.attempts.findFull(subjects, at)).length === 0) return;
  const paused = new Promise<void>((resolve) => setTimeout(resolve, ANSWER_AFTER_MS));
  const isMailed = found !== undefined && !found.account.blocked;
  await Promise.all([
    isMailed && requestUnblock({ ...step, asked: transaction.request }, found, { email, at }),
    paused,
  ]);
}

function show(visit: Visit, ticket: Ticket, state: 'ask' | 'done'): FastifyReply {
  const model = { ...toTicketPage(visit, ticket, PATH), page: 'unblock', done: state === 'done' } as const;
  return visit.deps.sendPage(visit.reply, model, placeOf(ticket));
}

async function unblock(visit: Visit, { ticket, ticketHash }: OpenTicket): Promise<FastifyReply> {
  const { deps } = visit;
  const { userId, email } = ticket;
  const at = deps.pipeline.clock.now();
  const log = toLogLine(visit, 'ublkdu', ticket);
  const used = await deps.recovery.useUnblockTicket({ userId, ticketHash, at, log });
  if (!used) return sendUsedTicket(visit, 'unblock');
  await deps.attempts.forget([...subjectsOfAddress(email), ...subjectsOfAccount(userId)]);
  return show(visit, ticket, 'done');
}

/** Registers GET and POST /u/unblock. */
export function registerUnblock(app: FastifyInstance, deps: LoginRoutesDeps): void {
  registerLink(
    app,
    deps,
    { path: PATH, purpose: 'unblock' },
    { show: (visit, { ticket }) => show(visit, ticket, 'ask'), submit: unblock },
  );
}
