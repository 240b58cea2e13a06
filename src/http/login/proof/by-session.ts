/**
 * Uses the browser's session instead of a sign-in, if the request and the organization allow that. Does not decide
 * about admission: the steps of the login run as for everybody.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasPrompt } from '../../../domain/authorization-request.js';
import type { Email } from '../../../domain/people/email.js';
import { runLoginOrAsk } from '../../../login/pipeline.js';
import type { Identified } from '../../../login/stages.js';
import type { BrowserSessions } from '../../browser/session-cookie.js';
import type { LoginTransaction } from '../../browser/transactions.js';
import type { LoginRoutesDeps } from '../deps.js';
import { newAttempt, sendOutcome } from '../outcome.js';

type Found = NonNullable<Awaited<ReturnType<BrowserSessions['find']>>>;

interface Ready {
  readonly transaction: LoginTransaction;
  readonly identified: Identified;
  readonly typed?: Email | undefined;
}

/**
 * Finds this browser's valid session, if application and request allow a session instead of a sign-in (OpenID Connect
 * Core section 3.1.2.1).
 */
export async function findSession(
  request: FastifyRequest,
  deps: LoginRoutesDeps,
  { transaction, identified }: Pick<Ready, 'transaction' | 'identified'>,
): Promise<Found | undefined> {
  const { request: asked } = transaction;
  const { maxAge, invitation } = asked;
  if (identified.client.ssoDisabled) return undefined;
  if (hasPrompt(asked, 'login') || hasPrompt(asked, 'select_account') || invitation !== undefined) return undefined;
  const found = await deps.sessions.find(request);
  if (found === undefined || maxAge === undefined) return found;
  const age = deps.pipeline.clock.now().getTime() - found.session.authenticatedAt.getTime();
  return age <= maxAge * 1000 ? found : undefined;
}

/**
 * Runs the login with the browser's session and answers. Returns false, with nothing sent, if the session cannot be
 * used. The session's connection must be enabled here, and be the requested one if the application named one. If the
 * person typed an address, the session must belong to the account with that address.
 */
export async function answerBySession(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  login: Ready,
): Promise<boolean> {
  const { transaction, identified, typed } = login;
  const found = await findSession(request, deps, login);
  const enablement = identified.connections.find((item) => item.connection.id === found?.session.connectionId);
  const { connection: asked } = transaction.request;
  if (!found || !enablement || (asked !== undefined && asked !== enablement.connection.name)) return false;
  if (typed !== undefined) {
    const { userId, connectionId } = found.session;
    const account = await deps.pipeline.reads.findAccount({ userId, connectionId, organizationId: undefined });
    if (account?.candidate.account.email !== typed) return false;
  }
  const attempt = newAttempt(request, deps, transaction, { kind: 'session', ...found });
  // If the session is refused, no page says so: the person may sign in as somebody else.
  const outcome = await runLoginOrAsk(attempt, deps.pipeline);
  if (outcome === undefined) return false;
  await sendOutcome(request, reply, deps, transaction, outcome);
  return true;
}
