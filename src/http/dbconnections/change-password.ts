/**
 * `POST /dbconnections/change_password`: mails the owner of an account the link for a new password, as the page
 * `/u/forgot-password` does. Answers the same, after the same time, whether or not there is an account.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { countAttempt } from '../../login/attempt-limits.js';
import { ANSWER_AFTER_MS, requestReset } from '../login/mail-links/recovery.js';
import type { DatabaseApiDeps } from './deps.js';
import { DatabaseRefusal, findDatabaseRequest, readBody, sendRefusal } from './request.js';

/** Auth0's text, word for word. */
const SENT = "We've just sent you an email to reset your password.";

/** Returns the refusal of a request beyond the limits of an address or a network. It is the same for every address. */
export function tooMany(): DatabaseRefusal {
  const description = 'Too many requests for this address or from this network. Try again later.';
  return new DatabaseRefusal(429, 'too_many_requests', description, 'TooManyRequestsError');
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
  const { clock, reads } = deps.pipeline;
  const at = clock.now();
  // Starts before the look-up of the account, so that the delay hides the time of the look-up too.
  const paused = new Promise<void>((resolve) => setTimeout(resolve, ANSWER_AFTER_MS));
  const found = await reads.findPasswordAccount({ connectionIds: [database.connection.id], email });
  const tried = { email, ip: request.ip, userId: undefined, rules: target.tenant.attemptRules };
  // Attack: mail flooding. Shares its counters with the page, so that nobody gets twice as many mails.
  const counted = await countAttempt(deps.attempts, 'forgot', tried, at);
  if (!counted.allowed) return sendRefusal(reply, tooMany());
  const isMailed = found !== undefined && !found.account.blocked;
  await Promise.all([isMailed && requestReset({ request, deps, identified: target }, found, { email, at }), paused]);
  return reply.type('text/plain; charset=utf-8').send(SENT);
}
