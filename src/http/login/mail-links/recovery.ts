/**
 * Forgotten passwords: the page that requests a mail, and the page for a new password. The first answers the same,
 * after the same time, whether or not the account exists. The link in the mail works once. A new password revokes all
 * sessions of the account.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { brandOf, mailBrandOf } from '../../../domain/look/brand.js';
import {
  describePasswordFault,
  describePasswordRule,
  findPasswordFault,
  minimumLength,
} from '../../../domain/passwords/password-policy.js';
import { type Email, parseEmail } from '../../../domain/people/email.js';
import { newSecret } from '../../../kernel/ids.js';
import { createRateLimit, type RateLimit } from '../../../kernel/rate-limit.js';
import { countAttempt, forgetAttempts } from '../../../login/attempt-limits.js';
import { type PasswordChange, passwordChangeJob } from '../../../login/tenant-code/after-commit.js';
import type { Ticket } from '../../../ports/account-recovery.js';
import type { ActionJob } from '../../../ports/action-jobs.js';
import { preferredLanguage } from '../../browser/language.js';
import { userAgentOf } from '../../browser/user-agent.js';
import type { FieldError } from '../../pages/models.js';
import { MESSAGES, type Said } from '../../pages/speech.js';
import type { LoginRoutesDeps } from '../deps.js';
import { databasesOf } from '../proof/database.js';
import { readFields, registerStep, type Step, speechPlaceOf, type Visit } from '../step.js';
import { pageUrl } from '../urls.js';
import { wishOf } from './mail-wish.js';
import { type FoundAccount, type LinkFor, newMailedTicket } from './mailed-ticket.js';
import {
  findSignIn,
  type OpenTicket,
  placeOf,
  registerLink,
  sendTooMany,
  sendUsedTicket,
  toLogLine,
  toTicketPage,
} from './ticket.js';

/** Milliseconds after which a request for a mail is answered. The delay hides whether anything was stored. */
export const ANSWER_AFTER_MS = 250;

/**
 * How many passwords may be posted with one link: ten at once, then one in six seconds. To check or hash one takes as
 * long as a sign-in.
 */
const PER_TICKET = { perSecond: 1 / 6, atOnce: 10 };

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function showForgot(
  step: Step,
  username: string,
  state: 'ask' | 'sent',
  errors: readonly FieldError[] = [],
  status = 200,
): FastifyReply {
  const { identified, transaction, deps, reply } = step;
  return deps.sendPage(
    reply,
    {
      page: 'forgot-password',
      brand: brandOf(identified, deps.origin),
      action: pageUrl('/u/forgot-password', transaction.id),
      errors,
      username,
      sent: state === 'sent',
      backUrl: pageUrl('/u/login/identifier', transaction.id),
    },
    speechPlaceOf(step),
    status,
  );
}

/** Stores a ticket for a new password, and queues the mail with its link to the owner of the account. */
export async function requestReset(
  place: LinkFor,
  found: FoundAccount,
  when: { readonly email: Email; readonly at: Date },
): Promise<void> {
  await place.deps.recovery.requestPassword(await newMailedTicket('password', place, found, when));
}

async function submitForgot(step: Step, deps: LoginRoutesDeps): Promise<FastifyReply> {
  const username = (step.fields.username ?? '').trim();
  const askAgain = (message: Said, status: number) =>
    showForgot(step, username, 'ask', [{ field: 'username', message }], status);
  const email = parseEmail(username);
  if (email === undefined) return askAgain(MESSAGES.addressInvalid, 400);
  const { clock, reads } = deps.pipeline;
  const at = clock.now();
  // Starts before the look-up of the account, so that the delay hides the time of the look-up too.
  const paused = pause(ANSWER_AFTER_MS);
  const connectionIds = databasesOf(step.transaction, step.identified).map((item) => item.connection.id);
  const found = await reads.findPasswordAccount({ connectionIds, email });
  const { request } = step;
  const { attemptRules: rules } = step.identified.tenant;
  const tried = { email, ip: request.ip, userId: found?.account.userId, device: deps.devices.find(request), rules };
  // The page says "no mail was sent", for every address alike. Otherwise the person would wait for a mail instead of
  // looking for the earlier one.
  const counted = await countAttempt(deps.attempts, 'forgot', tried, at);
  if (!counted.allowed) return askAgain(MESSAGES.linkUnsent, 429);
  const isMailed = found !== undefined && !found.account.blocked;
  await Promise.all([
    isMailed && requestReset({ ...step, asked: step.transaction.request }, found, { email, at }),
    paused,
  ]);
  return showForgot(step, username, 'sent');
}

function showReset(
  visit: Visit,
  ticket: Ticket,
  state: { done?: true; errors?: readonly FieldError[]; status?: number },
): FastifyReply {
  const options = ticket.connection?.options ?? {};
  return visit.deps.sendPage(
    visit.reply,
    {
      ...toTicketPage(visit, ticket, '/u/reset-password'),
      page: 'reset-password',
      errors: state.errors ?? [],
      minimumLength: minimumLength(options),
      passwordRule: (words) => describePasswordRule(options, words.passwords),
      done: state.done ?? false,
    },
    placeOf(ticket),
    state.status,
  );
}

/**
 * Builds the job that runs the Actions bound to `post-change-password`. If the mail's link was used, the person has
 * proved that they read mail at its address.
 */
async function planJob({ request, deps }: Visit, ticket: Ticket, at: Date): Promise<ActionJob> {
  const { userId, email, connection, organization } = ticket;
  const { user, connection: known } = await deps.pipeline.reads.findActionGround({
    userId,
    organizationId: organization?.id,
    clientId: undefined,
    connectionId: connection?.id,
    grantedRoles: [],
  });
  const change: PasswordChange = {
    user: {
      userId,
      email: user?.email,
      emailVerified: user?.emailVerified === true || (ticket.vouches !== undefined && user?.email === email),
      username: user?.username,
      phoneNumber: user?.phoneNumber,
    },
    connection: {
      id: connection?.id ?? '',
      name: connection?.name ?? '',
      strategy: connection?.strategy ?? 'auth0',
      metadata: known?.metadata ?? {},
    },
    organizationId: organization?.id,
    at,
    request: {
      ip: request.ip,
      userAgent: userAgentOf(request),
      language: preferredLanguage(request.headers['accept-language']),
      method: request.method,
    },
  };
  return passwordChangeJob(change, deps.origin, deps.pipeline.entropy);
}

async function submitReset(visit: Visit, tries: RateLimit, { ticket, ticketHash }: OpenTicket): Promise<FastifyReply> {
  const { request, reply, deps } = visit;
  if (!tries.take(ticketHash.toString('base64')).isWithin)
    return sendTooMany(visit, {
      purpose: 'password',
      about: { userId: ticket.userId, email: ticket.email },
    });
  const password = readFields(request.body).password ?? '';
  const { email, organization, tenant, connection: database } = ticket;
  const names = [organization?.name, organization?.displayName, tenant.friendlyName];
  const fault = findPasswordFault(password, { email, names, options: database?.options ?? {} });
  if (fault !== undefined) {
    const message: Said = (words) => describePasswordFault(fault, words.passwords);
    return showReset(visit, ticket, { errors: [{ field: 'password', message }], status: 400 });
  }
  const { clock, entropy, passwords } = deps.pipeline;
  const at = clock.now();
  const signIn = findSignIn(ticket);
  const used = await deps.recovery.usePasswordTicket({
    userId: ticket.userId,
    ticketHash,
    hash: await passwords.hash(password),
    at,
    notice: {
      id: newSecret(entropy),
      to: ticket.email,
      template: 'password_changed',
      model: {
        brand: mailBrandOf(placeOf(ticket), deps.origin),
        ip: request.ip,
        at: at.toISOString(),
        wish: wishOf(request),
        ...(signIn !== undefined && { url: signIn }),
      },
    },
    log: toLogLine(visit, 'scp', ticket),
    job: await planJob(visit, ticket, at),
  });
  if (!used) return sendUsedTicket(visit, 'password');
  await deps.sessions.end(request, reply);
  // Resets the limit for wrong passwords: guesses at the old password must not keep the owner from using the new one.
  const { userId } = ticket;
  await forgetAttempts(deps.attempts, 'password', {
    email,
    ip: request.ip,
    userId,
    device: deps.devices.find(request),
  });
  return showReset(visit, ticket, { done: true });
}

/** Registers /u/forgot-password and /u/reset-password. */
export function registerRecovery(app: FastifyInstance, deps: LoginRoutesDeps): void {
  registerStep(app, deps, '/u/forgot-password', {
    show: (step) => showForgot(step, step.transaction.username ?? '', 'ask'),
    submit: (step) => submitForgot(step, deps),
  });
  const tries = createRateLimit(PER_TICKET, deps.pipeline.clock);
  registerLink(
    app,
    deps,
    { path: '/u/reset-password', purpose: 'password' },
    {
      show: (visit, { ticket }) => showReset(visit, ticket, {}),
      submit: (visit, open) => submitReset(visit, tries, open),
    },
  );
}
