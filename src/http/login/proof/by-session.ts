/**
 * Uses the browser's session instead of a sign-in, if the request and the organization allow that. Decides nothing
 * about admission: the same steps run as for everybody.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasPrompt } from '../../../domain/authorization-request.js';
import type { Email } from '../../../domain/people/email.js';
import { runLoginOrAsk } from '../../../login/pipeline.js';
import type { Identified } from '../../../login/stages.js';
import type { BrowserSessions } from '../../browser/sessions.js';
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
 * Finds this browser's valid session, if application and request allow one to answer (OpenID Connect Core section
 * 3.1.2.1).
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
 * Answers with the session, if its connection is enabled here and is the requested one, if any (rule 1.8). False when
 * no session can be used: then nothing was sent. A person who typed an address is not signed in by another person's
 * session.
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
  // A refused session is not shown: the person may sign in as somebody else.
  const outcome = await runLoginOrAsk(attempt, deps.pipeline);
  if (outcome === undefined) return false;
  await sendOutcome(request, reply, deps, transaction, outcome);
  return true;
}
