/**
 * /authorize (RFC 6749 section 3.1, OpenID Connect Core section 3.1.2). Checks the request, answers at once where a session
 * or an error allows it, else starts a transaction and sends the browser on its way. Consumes nothing: routers fetch this
 * address twice, and an invitation must survive that.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readInvitationTicket } from '../../domain/ticket.js';
import { newReference } from '../../kernel/ids.js';
import { checkOrganizationChosen, checkTarget, findTarget } from '../../login/1-identify.js';
import { type Refusal, refuse } from '../../login/refusals.js';
import type { Identified } from '../../login/stages.js';
import { newTrace } from '../../login/trace.js';
import type { LoginTarget } from '../../ports/login-store.js';
import type { LoginTransaction } from '../browser/transactions.js';
import { brandOf } from '../login/brand.js';
import { answerBySession, findSession } from '../login/by-session.js';
import type { LoginRoutesDeps } from '../login/deps.js';
import { goOn, needsOrganizationPrompt, picksOrganizationLater } from '../login/flow.js';
import { newAttempt, refuseHere } from '../login/outcome.js';
import { pickBySession } from '../login/picker.js';
import { recordRefusedRequest } from '../login/refused-request.js';
import { keepForIdp } from '../login/upstream.js';
import {
  type AnswerAddress,
  collectParameters,
  findRedirectUri,
  type ProtocolError,
  parseAuthorizationRequest,
  toAnswerAddress,
} from './authorization-parameters.js';

/** An error that must not be sent anywhere, since where to is in doubt (RFC 6749 section 4.1.2.1: open redirect). */
function showError(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  wrong: ProtocolError,
  reference = newReference(deps.pipeline.entropy),
): FastifyReply {
  request.log.info({ reference, error: wrong.error, description: wrong.description }, 'authorization request refused');
  return deps.sendPage(
    reply,
    {
      page: 'error',
      brand: brandOf(undefined, undefined),
      title: 'This sign-in request cannot be used',
      sentence: 'The application that sent you made a request that we cannot trust, so we did not send you back to it.',
      advice:
        'Go back to the application and try again. If it happens again, tell its support team the reference number.',
      reference,
      technical: `${wrong.error}: ${wrong.description}`,
      links: [],
    },
    400,
  );
}

async function showUnknownClient(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  clientId: string,
): Promise<FastifyReply> {
  const refusal = refuse('identify.unknown_client', clientId);
  const trace = newTrace();
  trace.add('identify', 'client', 'refuse', { client_id: clientId });
  const reference = await recordRefusedRequest(request, deps, { refusal, trace, clientId });
  const description = `Unknown client: ${clientId}`;
  return showError(request, reply, deps, { error: 'invalid_request', description }, reference);
}

/** Looks up what the request is about, before it is known to be well-formed. */
function findRequested(
  deps: LoginRoutesDeps,
  clientId: string,
  parameters: Readonly<Record<string, string>>,
): Promise<LoginTarget | undefined> {
  const { organization, invitation, audience } = parameters;
  const request = {
    clientId,
    redirectUri: '',
    responseMode: 'query' as const,
    scope: '',
    ...(organization !== undefined && { organization }),
    ...(invitation !== undefined && { invitation }),
    ...(audience !== undefined && { audience }),
  };
  return findTarget({ at: deps.pipeline.clock.now(), request, organizationId: undefined }, deps.pipeline.reads);
}

function checkAudience(
  deps: LoginRoutesDeps,
  target: LoginTarget,
  audience: string | undefined,
): ProtocolError | undefined {
  if (target.audienceKnown || audience === `${deps.origin}/userinfo`) return undefined;
  return { error: 'access_denied', description: `Service not found: ${audience}` };
}

interface Ready {
  readonly transaction: LoginTransaction;
  readonly identified: Identified;
}

function refuseSilently(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  { transaction, identified }: Ready,
  refusal: Refusal,
) {
  const attempt = newAttempt(request, deps, transaction, { kind: 'none' });
  return refuseHere(request, reply, deps, { attempt, transaction, identified, refusal, trace: newTrace() });
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  ready: Ready,
): Promise<FastifyReply> {
  const { transaction, identified } = ready;
  const silent = transaction.request.prompt === 'none';
  const later = picksOrganizationLater(identified);
  // Nobody has said yet for which organization the session would answer.
  const first = needsOrganizationPrompt(identified);
  const missing = later || first ? undefined : checkOrganizationChosen(identified);
  if (missing) return refuseSilently(request, reply, deps, ready, missing);
  if (!first && !later && (await answerBySession(request, reply, deps, ready))) return reply;
  const session = first || later ? await findSession(request, deps, transaction) : undefined;
  const picked = later && session ? await pickBySession({ request, reply, deps, ...ready }, session) : 'none';
  if (picked === 'sent') return reply;
  if (silent) {
    const refusal =
      (first && session) || picked === 'several'
        ? refuse('identify.organization_not_chosen', first ? 'asked for at the prompt' : 'several may be entered')
        : refuse('authenticate.session_not_usable', 'no usable session');
    return refuseSilently(request, reply, deps, ready, refusal);
  }
  return goOn(request, reply, deps, ready);
}

async function authorize(request: FastifyRequest, reply: FastifyReply, deps: LoginRoutesDeps): Promise<FastifyReply> {
  const collected = collectParameters(request.method === 'POST' ? request.body : request.query);
  if ('error' in collected) return showError(request, reply, deps, collected);
  const link = collected.parameters.invitation;
  const opened = link === undefined ? undefined : readInvitationTicket(deps.ticketBox, link);
  const parameters: typeof collected.parameters = {
    ...collected.parameters,
    ...(opened && { invitation: opened.ticket }),
  };
  if (parameters.client_id === undefined)
    return showError(request, reply, deps, {
      error: 'invalid_request',
      description: 'Missing required parameter: client_id',
    });
  const target = await findRequested(deps, parameters.client_id, parameters);
  if (target === undefined) return showUnknownClient(request, reply, deps, parameters.client_id);
  const redirectUri = findRedirectUri(target.client, parameters);
  if (redirectUri === undefined) {
    const description =
      parameters.redirect_uri === undefined
        ? 'Missing required parameter: redirect_uri'
        : `Callback URL mismatch. ${parameters.redirect_uri} is not in the list of allowed callback URLs`;
    return showError(request, reply, deps, { error: 'invalid_request', description });
  }
  const address: AnswerAddress = toAnswerAddress(redirectUri, parameters);
  // The cookie is small, and nobody but Actions reads the rest.
  const extra = target.tenant.actions.bound.length > 0 ? collected.extra : keepForIdp(collected.extra);
  const parsed = parseAuthorizationRequest(target.client, address, parameters, extra);
  const wrong = 'error' in parsed ? parsed : checkAudience(deps, target, parsed.audience);
  const brand = brandOf(target.organization, target.tenant);
  if (wrong || 'error' in parsed) {
    const { error, description } = wrong ?? (parsed as ProtocolError);
    return sendAnswer(request, reply, deps, { address, fields: { error, error_description: description }, brand });
  }
  // Where this server sends no mail, the application does: then the bare ticket is what the invited person was sent.
  const mailed = opened?.mailed === true || target.invitation?.deliveredByApplication === true;
  const authorization = mailed ? ({ ...parsed, invitationMailed: true } as const) : parsed;
  const transaction = deps.transactions.start(authorization, target.organization?.id);
  const trace = newTrace();
  const identified = checkTarget(
    target,
    { at: deps.pipeline.clock.now(), request: parsed, organizationId: undefined },
    trace,
  );
  if ('kind' in identified) {
    const attempt = newAttempt(request, deps, transaction, { kind: 'none' });
    return refuseHere(request, reply, deps, {
      attempt,
      transaction,
      identified: undefined,
      refusal: identified,
      trace,
    });
  }
  return answer(request, reply, deps, { transaction, identified });
}

/** GET and POST /authorize. */
export function registerAuthorize(app: FastifyInstance, deps: LoginRoutesDeps): void {
  app.get('/authorize', (request, reply) => authorize(request, reply, deps));
  app.post('/authorize', (request, reply) => authorize(request, reply, deps));
}
