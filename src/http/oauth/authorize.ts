/**
 * /authorize (RFC 6749 section 3.1, OpenID Connect Core section 3.1.2). Checks the request. Answers at once when a
 * session or an error allows it; otherwise starts a transaction and redirects the browser to a page or an identity
 * provider. Never uses up an invitation, because the routers of some web applications fetch this address twice.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AuthorizationRequest, hasPrompt } from '../../domain/authorization-request.js';
import { brandOf } from '../../domain/look/brand.js';
import { readInvitationTicket } from '../../domain/ticket.js';
import { checkOrganizationChosen, checkTarget, findTarget } from '../../login/1-identify.js';
import { isRefusal, REFUSALS, type Refusal, refuse } from '../../login/refusals.js';
import type { Identified } from '../../login/stages.js';
import { newTrace } from '../../login/trace.js';
import { accountAudience } from '../../management/api/audience.js';
import type { LoginTarget } from '../../ports/login-store.js';
import type { LoginTransaction } from '../browser/transactions.js';
import { POSTED_MARK } from '../browser/unfinished.js';
import { MalformedForm } from '../form.js';
import type { LoginRoutesDeps } from '../login/deps.js';
import { goOn, needsOrganizationPrompt, picksOrganizationLater } from '../login/flow.js';
import { forgetPassedOn, noteReturn } from '../login/open-invitation.js';
import { newAttempt, refuseHere } from '../login/outcome.js';
import { pickBySession } from '../login/picker.js';
import { answerBySession, findSession } from '../login/proof/by-session.js';
import { keepForIdp } from '../login/proof/upstream.js';
import { redirect } from './authorization-answer.js';
import {
  type AnswerAddress,
  collectParameters,
  findRedirectUri,
  type ProtocolError,
  parseAuthorizationRequest,
  toAnswerAddress,
} from './authorization-parameters.js';
import { factorAudience } from './factors/audience.js';
import { sendError, showError, showUnknownClient } from './refuse-authorization.js';

/** Looks up the client, organization, invitation and API that a request names. The request is not checked yet. */
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

/**
 * Returns the refusal that the token endpoint would give after the login, so that the person does not sign in in vain.
 */
function findAudienceRefusal(target: LoginTarget, audience: string): Refusal | undefined {
  if (!target.audienceKnown) return refuse('identify.unknown_audience', `no API "${audience}"`, { audience });
  if (target.audienceBarredBy === 'policy')
    return refuse('identify.api_closed', `the API "${audience}" gives no tokens of people (deny_all)`, { audience });
  if (target.audienceBarredBy === 'missing_grant')
    return refuse('identify.api_not_granted', `no client grant of people for "${audience}"`, { audience });
  return undefined;
}

function checkAudience(
  deps: LoginRoutesDeps,
  target: LoginTarget,
  audience: string | undefined,
): ProtocolError | undefined {
  const builtIn = [`${deps.origin}/userinfo`, factorAudience(deps.origin)];
  if (audience === undefined || builtIn.includes(audience)) return undefined;
  const refusal = findAudienceRefusal(target, audience);
  if (refusal === undefined) return undefined;
  return { error: REFUSALS[refusal.code].oauthError, description: refusal.description, refusal };
}

function wrongCallback(redirectUri: string | undefined): ProtocolError {
  const error = 'invalid_request';
  if (redirectUri === undefined) return { error, description: 'Missing required parameter: redirect_uri' };
  const description = `Callback URL mismatch. ${redirectUri} is not in the list of allowed callback URLs`;
  return { error, description, refusal: refuse('identify.callback_mismatch', description) };
}

/** A user id that no user has. */
const NOBODY = '';

/**
 * Returns the user whom `id_token_hint` names. If the token is not this server's, `prompt=none` finds no matching
 * session. Without `prompt=none` the person may sign in as anybody.
 */
async function findHint(
  deps: LoginRoutesDeps,
  token: string | undefined,
  request: AuthorizationRequest,
): Promise<{ hintedUserId?: string }> {
  if (token === undefined) return {};
  const hintedUserId = await deps.findHintedUser(token);
  if (hintedUserId !== undefined) return { hintedUserId };
  return hasPrompt(request, 'none') ? { hintedUserId: NOBODY } : {};
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
  const silent = hasPrompt(transaction.request, 'none');
  const later = picksOrganizationLater(identified);
  // Before the person has chosen an organization, it is unknown for which one a session would be used.
  const first = needsOrganizationPrompt(identified);
  const missing = later || first ? undefined : checkOrganizationChosen(identified);
  if (missing) return refuseSilently(request, reply, deps, ready, missing);
  if (!first && !later && (await answerBySession(request, reply, deps, ready))) return reply;
  const session = first || later ? await findSession(request, deps, ready) : undefined;
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

/** Longest address that browsers and proxies accept. This server accepts longer ones (MAX_HEADER_BYTES). */
const MAX_ADDRESS_CHARACTERS = 8000;

/**
 * Returns the address that repeats a posted request as a GET, with a mark that a form was posted
 * (browser/unfinished.ts). A post from another site comes without our SameSite=Lax cookies, so it cannot show whether
 * somebody is signed in. A GET is never repeated, so this happens once. Returns undefined when the session is visible
 * or the address would be too long.
 */
function addressForGet(
  request: FastifyRequest,
  deps: LoginRoutesDeps,
  parameters: Readonly<Record<string, string>>,
): string | undefined {
  if (request.method !== 'POST' || request.headers['sec-fetch-site'] === 'same-origin') return undefined;
  if (deps.sessions.findReference(request) !== undefined) return undefined;
  const address = `/authorize?${new URLSearchParams({ ...parameters, [POSTED_MARK]: '1' })}`;
  return address.length > MAX_ADDRESS_CHARACTERS ? undefined : address;
}

/** Returns the parameters that the application sent, without this server's own mark. */
function withoutPostedMark(form: unknown): unknown {
  if (form instanceof MalformedForm || typeof form !== 'object' || form === null) return form;
  const { [POSTED_MARK]: _mark, ...parameters } = form as Readonly<Record<string, unknown>>;
  return parameters;
}

async function authorize(request: FastifyRequest, reply: FastifyReply, deps: LoginRoutesDeps): Promise<FastifyReply> {
  const collected = collectParameters(withoutPostedMark(request.method === 'POST' ? request.body : request.query));
  if (collected.wrong && collected.isLost) return showError(request, reply, deps, collected.wrong);
  // A wrong parameter is missing from the collected ones, so a repeated request would be a different one.
  const again = collected.wrong
    ? undefined
    : addressForGet(request, deps, { ...collected.extra, ...collected.parameters });
  if (again !== undefined) return redirect(request, reply, again);
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
  if (redirectUri === undefined)
    return showError(request, reply, deps, wrongCallback(parameters.redirect_uri), target.client.clientId);
  const address: AnswerAddress = toAnswerAddress(target.client, redirectUri, parameters);
  // If no Actions are bound, keeps only the parameters for identity providers: the login's cookie is small, and only
  // Actions read the others.
  const extra = target.tenant.actions.bound.length > 0 ? collected.extra : keepForIdp(collected.extra);
  const parsed = collected.wrong ?? parseAuthorizationRequest(target.client, address, parameters, extra);
  const wrong = 'error' in parsed ? parsed : checkAudience(deps, target, parsed.audience);
  if (wrong || 'error' in parsed) {
    const place = { ...target, request: { extra } };
    const asked = 'error' in parsed ? undefined : parsed;
    const { client, organization } = target;
    const to = { address, brand: brandOf(target, deps.origin), place, client, asked, organizationId: organization?.id };
    return sendError(request, reply, deps, to, wrong ?? (parsed as ProtocolError));
  }
  const hint = await findHint(deps, parameters.id_token_hint, parsed);
  const carrier = opened?.carrier;
  const managesFactors = parsed.audience === factorAudience(deps.origin);
  // Auth0's component for factors gets its token here, and opens its popup for this answer. Later, at the API, it could not.
  const changesFactors =
    parsed.audience === accountAudience(deps.origin) &&
    parsed.scope.split(' ').some((scope) => /^(create|update|delete):me:authentication_methods$/.test(scope));
  const authorization = {
    ...parsed,
    ...(carrier && { invitationCarrier: carrier }),
    ...hint,
    ...(managesFactors && { managesFactors: true as const }),
    ...(changesFactors && { changesFactors: true as const }),
  };
  const transaction = deps.transactions.start(authorization, target.organization?.id);
  await forgetPassedOn(request, reply, deps, transaction);
  const trace = newTrace();
  const identified = checkTarget(
    target,
    { at: deps.pipeline.clock.now(), request: parsed, organizationId: undefined },
    trace,
  );
  if (isRefusal(identified)) {
    const attempt = newAttempt(request, deps, transaction, { kind: 'none' });
    return refuseHere(request, reply, deps, {
      attempt,
      transaction,
      identified: undefined,
      refusal: identified,
      trace,
    });
  }
  await noteReturn(request, deps, transaction);
  return answer(request, reply, deps, { transaction, identified });
}

/** Registers GET and POST /authorize. */
export function registerAuthorize(app: FastifyInstance, deps: LoginRoutesDeps): void {
  app.get('/authorize', (request, reply) => authorize(request, reply, deps));
  app.post('/authorize', (request, reply) => authorize(request, reply, deps));
}
