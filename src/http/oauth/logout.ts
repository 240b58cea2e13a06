/**
 * Logout: /oidc/logout (OpenID Connect RP-Initiated Logout 1.0) and Auth0's /v2/logout. A request with any wrong part
 * revokes nothing and redirects nobody.
 */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { brandOf } from '../../domain/look/brand.js';
import { newLogId, newReference } from '../../kernel/ids.js';
import type { VerifiedIdTokenHint } from '../../ports/token-issuer.js';
import type { LogoutTargets } from '../../ports/token-store.js';
import { queryOf } from '../form.js';
import type { PageBrand } from '../pages/models.js';
import { redirect } from './authorization-answer.js';
import type { OAuthDependencies } from './dependencies.js';
import { choosePostLogoutRedirect, chooseReturnTo, type LogoutProblem, toHeaderText } from './logout-target.js';
import { type Parameters, parseBody, parseQuery } from './parameters.js';
import { OAuthRefusal } from './refusals.js';

type Answer = Promise<FastifyReply>;
type LoggedOut = NonNullable<Awaited<ReturnType<OAuthDependencies['session']['find']>>>;

interface Logout {
  readonly deps: OAuthDependencies;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type Place = Pick<LogoutTargets, 'tenant' | 'client'>;

/**
 * Returns the page's brand: the tenant's look, and its name or else the name of the application that sent the person.
 */
function brandAt({ deps }: Logout, { tenant, client }: Place): PageBrand {
  return brandOf({ tenant, client }, deps.origin);
}

async function showProblem(logout: Logout, place: Place, problem: LogoutProblem): Answer {
  const { deps, request, reply } = logout;
  const reference = newReference(deps.entropy);
  request.log.info({ reference, reason: problem.technical }, 'a logout was refused');
  return deps.sendPage(
    reply,
    {
      page: 'error',
      brand: brandAt(logout, place),
      title: (words) => words.logout.failed,
      sentence: (words) => words.logout[problem.problem],
      advice: (words) => words.logout.advice,
      reference,
      technical: `invalid_request: ${problem.technical}`,
      links: [],
    },
    place,
    400,
  );
}

/**
 * Revokes the browser's session and logs it. Forgets the refused logins whose pages the browser still holds, and the
 * invitation that it opened. A refused person often has no session. Without a session the session's cookie is not cleared. Attack: a form posted from
 * another site comes without the cookie. If its answer cleared the cookie, every site could sign people out.
 */
async function endSession(
  { deps, request, reply }: Logout,
  clientId: string | undefined,
): Promise<LoggedOut | undefined> {
  await deps.refused.forget(reply);
  await deps.remembered.forget(reply);
  const session = await deps.session.find(request);
  if (session === undefined) return undefined;
  await deps.session.end(request, reply);
  const date = deps.clock.now();
  await deps.ledger.append({
    logId: newLogId(deps.entropy, date),
    date,
    type: 'slo',
    description: 'Signed out',
    userId: session.userId,
    ...(clientId !== undefined && { clientId }),
    ip: request.ip,
    details: {},
  });
  return session;
}

/** True if the request has Auth0's parameter `federated`, with or without a value. */
function isFederated({ request }: Logout): boolean {
  const text = request.method === 'POST' && Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  return [queryOf(request.url), text].some((form) => new URLSearchParams(form).has('federated'));
}

/**
 * Continues after the logout here. If the request asked for it, redirects to the identity provider's logout, from where
 * the browser comes back to `target`. Otherwise goes to `target` at once.
 */
async function leaveBothPlaces(
  logout: Logout,
  place: Place,
  target: string | undefined,
  session: LoggedOut | undefined,
): Answer {
  const { deps, request, reply } = logout;
  const letter =
    session !== undefined && isFederated(logout) ? await deps.federated.start(reply, session, target) : undefined;
  if (letter === undefined) return leave(logout, place, target);
  if (letter.post === undefined) return redirect(request, reply, toHeaderText(letter.url));
  return deps.sendPage(
    reply,
    { page: 'relay', brand: brandAt(logout, place), action: letter.url, fields: letter.post },
    place,
  );
}

async function leave(logout: Logout, place: Place, target: string | undefined): Answer {
  const { deps, reply } = logout;
  if (target !== undefined) return reply.redirect(toHeaderText(target), 302);
  return deps.sendPage(reply, { page: 'signed-out', brand: brandAt(logout, place) }, place);
}

/**
 * Answers Auth0's logout. It revokes the session without asking the person, because Auth0's SDKs rely on that. So
 * another site can sign people out here, but it gains and learns nothing. /oidc/logout asks.
 */
async function answerV2Logout(logout: Logout): Answer {
  const parameters = parseQuery(logout.request.url);
  if (parameters instanceof OAuthRefusal) return showUnreadable(logout, parameters);
  const clientId = parameters.get('client_id');
  const targets = await logout.deps.store.findLogoutTargets(clientId);
  const target = chooseReturnTo(targets, clientId, parameters.get('returnTo'));
  if (typeof target === 'object') return showProblem(logout, targets, target);
  return leaveBothPlaces(logout, targets, target, await endSession(logout, clientId));
}

async function showUnreadable(logout: Logout, refusal: OAuthRefusal): Answer {
  const targets = await logout.deps.store.findLogoutTargets(undefined);
  return showProblem(logout, targets, { problem: 'unreadable', technical: refusal.description });
}

interface OidcLogout {
  readonly hint: VerifiedIdTokenHint | undefined;
  readonly clientId: string | undefined;
  readonly targets: LogoutTargets;
  readonly target: string | undefined;
}

/**
 * Checks everything about the request except the session. A hint that is not genuine is ignored, so that the person is
 * asked.
 */
async function readOidcLogout(
  deps: OAuthDependencies,
  parameters: Parameters,
): Promise<OidcLogout | (LogoutProblem & { readonly targets: LogoutTargets })> {
  const token = parameters.get('id_token_hint');
  const hint = token === undefined ? undefined : await deps.issuer.verifyIdTokenHint(token);
  const named = parameters.get('client_id');
  const clientId = named ?? hint?.clientId;
  const targets = await deps.store.findLogoutTargets(clientId);
  if (hint && hint.clientId !== clientId)
    return {
      targets,
      problem: 'otherApplication',
      technical: 'client_id does not match id_token_hint',
    };
  const target = choosePostLogoutRedirect(targets, clientId, {
    uri: parameters.get('post_logout_redirect_uri'),
    state: parameters.get('state'),
    isNamed: named !== undefined,
  });
  return typeof target === 'object' ? { targets, ...target } : { hint, clientId, targets, target };
}

/**
 * Returns the parameters that the later steps of this logout need, as a query. `id_token_hint` is left out: it did not
 * suffice as proof, and a token does not belong in an address.
 */
function remainingQuery(logout: Logout, clientId: string | undefined, parameters: Parameters): string {
  const query = new URLSearchParams(clientId === undefined ? {} : { client_id: clientId });
  if (isFederated(logout)) query.set('federated', '');
  for (const name of ['post_logout_redirect_uri', 'state']) {
    const value = parameters.get(name);
    if (value !== undefined) query.set(name, value);
  }
  return query.toString();
}

/**
 * Revokes the session if the request proves that the application acts for this person. Proof is an ID token of this
 * person, expired or not, or the unguessable id of their session (`logout_hint`). Otherwise the person is asked.
 * Attack: any site signs people out, or uses its own ID token to sign out somebody else (RP-Initiated Logout section
 * 6).
 */
async function answerOidcLogout(logout: Logout, parameters: Parameters): Answer {
  const { deps, request, reply } = logout;
  const read = await readOidcLogout(deps, parameters);
  if ('problem' in read) return showProblem(logout, read.targets, read);
  const { hint, clientId, targets, target } = read;
  const session = await deps.session.find(request);
  // A post from another site comes without the session's cookie (SameSite=Lax); a GET has it.
  if (session === undefined && hint === undefined && request.method === 'POST')
    return reply.redirect(`/oidc/logout?${remainingQuery(logout, clientId, parameters)}`, 303);
  const speaksForHim =
    session === undefined || hint?.userId === session.userId || parameters.get('logout_hint') === session.sessionId;
  if (!speaksForHim) {
    const action = `/oidc/logout/confirm?${remainingQuery(logout, clientId, parameters)}`;
    const applicationName = targets.client?.name;
    const brand = brandAt(logout, targets);
    return deps.sendPage(reply, { page: 'sign-out', brand, action, errors: [], applicationName }, targets);
  }
  // A post from the application's own site comes without the cookie, but its ID token hint names the session.
  const hinted =
    hint?.sessionId !== undefined && hint.sessionId !== session?.sessionId
      ? await deps.store.endSession(hint.userId, hint.sessionId)
      : undefined;
  return leaveBothPlaces(logout, targets, target, (await endSession(logout, clientId)) ?? hinted);
}

/**
 * True for a post from this server's own page, as browsers report it. Attack (cross-site request forgery): another site
 * posts the confirmation.
 */
function isFromOwnPage(request: FastifyRequest, origin: string): boolean {
  const site = request.headers['sec-fetch-site'];
  return site === undefined ? request.headers.origin === origin : site === 'same-origin';
}

/** Performs a logout that the person confirmed, and answers. */
async function answerConfirmation(logout: Logout): Answer {
  const parameters = parseQuery(logout.request.url);
  if (parameters instanceof OAuthRefusal) return showUnreadable(logout, parameters);
  if (!isFromOwnPage(logout.request, logout.deps.origin)) return answerOidcLogout(logout, parameters);
  const read = await readOidcLogout(logout.deps, parameters);
  if ('problem' in read) return showProblem(logout, read.targets, read);
  return leaveBothPlaces(logout, read.targets, read.target, await endSession(logout, read.clientId));
}

/** Registers `/v2/logout` and `/oidc/logout` (OpenID Connect RP-Initiated Logout 1.0). */
export async function logoutRoutes(app: FastifyInstance, deps: OAuthDependencies): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // Answers requests that the framework itself refused because they cannot be read. Every other error goes to the
    // application's error handler.
    if (error.statusCode === undefined || error.statusCode >= 500) throw error;
    return showUnreadable({ deps, request, reply }, new OAuthRefusal(400, 'invalid_request', error.message));
  });
  const oidc = async (request: FastifyRequest, reply: FastifyReply) => {
    const logout = { deps, request, reply };
    const parameters =
      request.method === 'POST' ? parseBody(request.headers['content-type'], request.body) : parseQuery(request.url);
    return parameters instanceof OAuthRefusal
      ? showUnreadable(logout, parameters)
      : answerOidcLogout(logout, parameters);
  };
  app.get('/oidc/logout', oidc);
  app.post('/oidc/logout', oidc);
  app.post('/oidc/logout/confirm', (request, reply) => answerConfirmation({ deps, request, reply }));
  app.get('/v2/logout', (request, reply) => answerV2Logout({ deps, request, reply }));
}
