/**
 * The session of the browser instead of a sign-in, as far as the request and the organization allow it. Decides nothing about who may
 * enter: the same steps run as for everybody.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasPrompt } from '../../domain/authorization-request.js';
import type { Email } from '../../domain/email.js';
import { runLoginOrAsk } from '../../login/pipeline.js';
import type { Identified } from '../../login/stages.js';
import type { BrowserSessions } from '../browser/sessions.js';
import type { LoginTransaction } from '../browser/transactions.js';
import type { LoginRoutesDeps } from './deps.js';
import { newAttempt, sendOutcome } from './outcome.js';

type Found = NonNullable<Awaited<ReturnType<BrowserSessions['find']>>>;

/** The live session of this browser, if the request lets one answer (OpenID Connect Core section 3.1.2.1). */
export async function findSession(
  request: FastifyRequest,
  deps: LoginRoutesDeps,
  { request: asked }: LoginTransaction,
): Promise<Found | undefined> {
  const { maxAge, invitation } = asked;
  if (hasPrompt(asked, 'login') || hasPrompt(asked, 'select_account') || invitation !== undefined) return undefined;
  const found = await deps.sessions.find(request);
  if (found === undefined || maxAge === undefined) return found;
  const age = deps.pipeline.clock.now().getTime() - found.session.authenticatedAt.getTime();
  return age <= maxAge * 1000 ? found : undefined;
}

/**
 * Answers with the session: one of the connection that was asked for, and of one that is enabled here (rule 1.8). False when there is
 * none that is of use: then nothing was sent. Who has typed an address is not taken for somebody else who is signed in here.
 */
export async function answerBySession(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  login: {
    readonly transaction: LoginTransaction;
    readonly identified: Identified;
    readonly typed?: Email | undefined;
  },
): Promise<boolean> {
  const { transaction, identified, typed } = login;
  const found = await findSession(request, deps, transaction);
  const enablement = identified.connections.find((item) => item.connection.id === found?.session.connectionId);
  const { connection: asked } = transaction.request;
  if (!found || !enablement || (asked !== undefined && asked !== enablement.connection.name)) return false;
  if (typed !== undefined) {
    const { userId, connectionId } = found.session;
    const account = await deps.pipeline.reads.findAccount({ userId, connectionId, organizationId: undefined });
    if (account?.candidate.account.email !== typed) return false;
  }
  const attempt = newAttempt(request, deps, transaction, { kind: 'session', ...found });
  // A session that is of no use here is no answer to the person: they may sign in as somebody else.
  const outcome = await runLoginOrAsk(attempt, deps.pipeline);
  if (outcome === undefined) return false;
  await sendOutcome(request, reply, deps, transaction, outcome);
  return true;
}
