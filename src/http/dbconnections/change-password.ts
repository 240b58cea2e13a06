/**
 * `POST /dbconnections/change_password`: mails the owner of an account the link for a new password, as the page
 * `/u/forgot-password` does. Answers the same, after the same time, whether or not there is an account, also when the
 * mail cannot be queued.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { countAttempt } from '../../login/attempt-limits.js';
import { ANSWER_AFTER_MS, requestReset } from '../login/mail-links/recovery.js';
import type { DatabaseApiDeps } from './deps.js';
import { checkOrigin, DatabaseRefusal, findDatabaseRequest, readBody, sendRefusal } from './request.js';

/** Auth0's text, word for word. */
const SENT = "We've just sent you an email to reset your password.";

/** Returns the refusal of a request beyond the limits of an address or a network. It is the same for every address. */
export function tooMany(): DatabaseRefusal {
  const description = 'Too many requests for this address or from this network. Try again later.';
  return new DatabaseRefusal(429, 'too_many_requests', description, 'TooManyRequestsError');
}

/**
 * Starts `mail`, and waits for the pause alone. Attack: under load or with a fault, a longer answer or an error would
 * tell that there was something to store, and so that there is an account. A failure is logged.
 */
export async function pauseBeside(request: FastifyRequest, mail: () => Promise<void>): Promise<void> {
  mail().catch((err: unknown) => request.log.error({ err }, 'a mail asked for at /dbconnections was not queued'));
  await new Promise<void>((resolve) => setTimeout(resolve, ANSWER_AFTER_MS));
}

/** Answers POST /dbconnections/change_password. */
export async function answerChangePassword(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: DatabaseApiDeps,
): Promise<FastifyReply> {
  const fields = readBody(request);
  if (fields instanceof DatabaseRefusal) return sendRefusal(reply, fields);
  const asked = await findDatabaseRequest(fields, deps.pipeline.reads);
  if (asked instanceof DatabaseRefusal) return sendRefusal(reply, asked);
  const { email, target, database } = asked;
  const barred = checkOrigin(request, deps.origin, target);
  if (barred) return sendRefusal(reply, barred);
  const { clock, reads } = deps.pipeline;
  const at = clock.now();
  const tried = { email, ip: request.ip, userId: undefined, rules: target.tenant.attemptRules };
  // Attack: mail flooding. Shares its counters with the page, so that nobody gets twice as many mails.
  const counted = await countAttempt(deps.attempts, 'forgot', tried, at);
  if (!counted.allowed) return sendRefusal(reply, tooMany());
  await pauseBeside(request, async () => {
    const found = await reads.findPasswordAccount({ connectionIds: [database.connection.id], email });
    if (found === undefined || found.account.blocked) return;
    await requestReset({ request, deps, identified: target }, found, { email, at });
  });
  return reply.type('text/plain; charset=utf-8').send(SENT);
}
