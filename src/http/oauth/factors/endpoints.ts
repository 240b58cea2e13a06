/**
 * The endpoints `/mfa/…` (Auth0, "Multi-factor Authentication API"): list, set up, challenge and remove the second
 * factors of the person whose token the request has. None of them passes a factor; the grants do (grant-factor.ts).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Factor } from '../../../domain/factors/factor.js';
import {
  ACCOUNT_ADDRESS_ID,
  hashRecoveryCode,
  newFactorId,
  newRecoveryCode,
} from '../../../domain/factors/new-factor.js';
import { brandOf } from '../../../domain/look/brand.js';
import type { Client } from '../../../domain/tenant.js';
import type { MailTarget } from '../../../login/factor-stages.js';
import { authenticateClient, parseClientCredentials } from '../client-authentication.js';
import { allowClientOrigins } from '../cors.js';
import type { OAuthDependencies } from '../dependencies.js';
import { type Parameters, parseBody } from '../parameters.js';
import {
  accessDenied,
  grantTypeNotAllowed,
  invalidRequest,
  missingParameter,
  OAuthRefusal,
  unauthorized,
} from '../refusals.js';
import { FACTOR_GRANTS } from './answers.js';
import { FACTOR_SCOPES } from './audience.js';
import { type Bearer, checkSince, findBearer } from './bearer.js';
import { openFactorToken } from './factor-token.js';
import { findRefused, malformedToken } from './find-refused.js';
import { barredSession, enrolled, startAddress } from './further-address.js';
import { CODE_KINDS, type FactorsOf, readFactors } from './ground.js';
import { type From, factorLine, factorMail } from './notices.js';
import { challengeByMail, toMailAuthenticator } from './out-of-band.js';

const USER_AGENT_LENGTH = 512;

const fromOf = (request: FastifyRequest): From => ({
  ip: request.ip,
  userAgent: request.headers['user-agent']?.slice(0, USER_AGENT_LENGTH),
});

/** Sends a refusal; for a bearer token with the challenge of RFC 6750 section 3. */
function refuse(reply: FastifyReply, refusal: OAuthRefusal, by: 'bearer' | 'client'): FastifyReply {
  if (refusal.status === 401 && by === 'bearer') reply.header('www-authenticate', 'Bearer realm="mfa"');
  if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', String(refusal.retryAfterSeconds));
  return reply.code(refusal.status).send(refusal.toJson());
}

/**
 * Answers GET /mfa/authenticators: the confirmed factors that an application can ask for. An access token, which does not
 * challenge, lists every address, so that it can remove one. Throws {@link Fault}.
 */
export async function listAuthenticators(
  deps: OAuthDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const bearer = await findBearer(deps, request, FACTOR_SCOPES.read);
  if (bearer instanceof OAuthRefusal) return refuse(reply, bearer, 'bearer');
  allowClientOrigins(request, reply, bearer.client);
  const found = await readFactors(deps, bearer.party, deps.clock.now());
  const shown = (found?.own ?? []).filter(({ kind }) => CODE_KINDS.includes(kind));
  // Attack: an administrator of the company signs in as one of their people, and reads their private address.
  const all = found?.mayChange ? found.addresses : [];
  const listed = bearer.by === 'access_token' ? all : found?.mail;
  const isOn = found?.accepts.includes('email') === true;
  const mail = (listed ?? []).flatMap(({ id, address }) =>
    address === undefined || (id === ACCOUNT_ADDRESS_ID && !isOn) ? [] : [toMailAuthenticator({ id, address }, isOn)],
  );
  const others = shown.map((factor) => toAuthenticator(factor, found?.usable.includes(factor) === true));
  return reply.send([...others, ...mail]);
}

function toAuthenticator({ id, kind, name }: Factor, active: boolean): Record<string, unknown> {
  // `type` is what auth0-spa-js compares with the kinds of `mfa_requirements`.
  return { id, authenticator_type: kind, type: kind, active, ...(name !== undefined && { name }) };
}

/** A member of the body that is a list; undefined when it is none. */
function listOf(body: unknown, name: 'authenticator_types' | 'oob_channels'): readonly unknown[] | undefined {
  if (!Buffer.isBuffer(body)) return undefined;
  try {
    const { [name]: list } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Checks the credentials of the application, where the request has any: the bearer token names the application already.
 * Attack: an application presents the token of another one under its own name.
 */
async function checkSender(
  deps: OAuthDependencies,
  { client }: Bearer,
  parameters: Parameters,
  ip: string,
): Promise<OAuthRefusal | undefined> {
  if (!parameters.has('client_id') && !parameters.has('client_assertion')) return undefined;
  const credentials = parseClientCredentials(undefined, parameters);
  if (credentials instanceof OAuthRefusal) return credentials;
  if (credentials.clientId !== client.clientId) return malformedToken();
  // The SDKs of public applications send the id alone, and so may others: they showed their secret for the token.
  const hasProof = credentials.secret !== undefined || credentials.assertion !== undefined;
  return hasProof ? authenticateClient(deps, client, { credentials, ip }) : undefined;
}

const OUT_OF_BAND =
  'This server sends no codes by text message, call or push notification. Ask for authenticator_types ["otp"], or for ["oob"] with oob_channels ["email"] and an email.';

/** Refuses a client without the grant. Attack: an application that may redeem no code has mail sent to people all the same. */
const checkMayMail = (client: Pick<Client, 'grantTypes'> | undefined): OAuthRefusal | undefined =>
  client?.grantTypes.includes(FACTOR_GRANTS.oob) ? undefined : grantTypeNotAllowed(FACTOR_GRANTS.oob);

/**
 * Answers POST /mfa/associate: begins to set up an authenticator app, or a further address. It counts for nothing until
 * the grant `mfa-otp` or `mfa-oob` confirms it. Throws {@link Fault}.
 */
export async function associate(
  deps: OAuthDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const bearer = await findBearer(deps, request, FACTOR_SCOPES.enrol);
  if (bearer instanceof OAuthRefusal) return refuse(reply, bearer, 'bearer');
  allowClientOrigins(request, reply, bearer.client);
  const parameters = parseBody(request.headers['content-type'], request.body);
  if (parameters instanceof OAuthRefusal) return refuse(reply, parameters, 'client');
  const wrong = await checkSender(deps, bearer, parameters, request.ip);
  if (wrong) return refuse(reply, wrong, 'client');
  const types = listOf(request.body, 'authenticator_types');
  if (types === undefined) return refuse(reply, missingParameter('authenticator_types'), 'client');
  const [type] = types;
  if (types.length !== 1 || (type !== 'otp' && type !== 'oob'))
    return refuse(reply, invalidRequest('authenticator_types must be ["otp"] or ["oob"]'), 'client');
  const channels = listOf(request.body, 'oob_channels');
  if (type === 'oob' && !(channels?.length === 1 && channels[0] === 'email'))
    return refuse(reply, invalidRequest(OUT_OF_BAND), 'client');
  const unable = type === 'oob' ? checkMayMail(bearer.client) : undefined;
  if (unable) return refuse(reply, unable, 'client');
  const from = fromOf(request);
  const answer =
    type === 'otp'
      ? await startSetup(deps, bearer, from)
      : await startAddress(deps, bearer, parameters.get('email'), from);
  return answer instanceof OAuthRefusal ? refuse(reply, answer, 'client') : reply.send(answer);
}

async function startSetup(
  deps: OAuthDependencies,
  bearer: Bearer,
  from: From,
): Promise<Record<string, unknown> | OAuthRefusal> {
  const at = deps.clock.now();
  const { party, by } = bearer;
  const found = await readFactors(deps, party, at);
  if (found === undefined) return unauthorized('client.unknown');
  // Attack: somebody who knows the password sets up a factor of their own beside the owner's, and passes that one.
  const isFull = by === 'mfa_token' ? found.own.length > 0 : found.own.some(({ kind }) => kind === 'otp');
  if (isFull) return enrolled();
  const late = checkSince(bearer, found);
  if (late) return late;
  if (!found.accepts.includes('otp'))
    return accessDenied('Authenticator apps are not enabled', { check: 'request.malformed' });
  if (!found.mayChange) return barredSession(found);
  const factor = { id: newFactorId(deps.entropy, 'otp'), secret: deps.factorChecks.newSecret() };
  const hasCode = found.own.some(({ kind }) => kind === 'recovery-code');
  const code = found.accepts.includes('recovery-code') && !hasCode ? newRecoveryCode(deps.entropy) : undefined;
  const outcome = await deps.factors.startSetup({
    ...{ userId: party.userId, connectionId: party.connectionId, factor, at },
    codeHash: code === undefined ? undefined : hashRecoveryCode(code),
    beside: by === 'mfa_token' ? 'nothing' : 'others',
    log: factorLine(deps, 'gd_start_enroll', party, { id: factor.id, kind: 'otp' }, { ...from, at }),
  });
  if (outcome === 'enrolled') return enrolled();
  const { title } = brandOf(found.target, deps.origin);
  return {
    authenticator_type: 'otp',
    secret: factor.secret,
    barcode_uri: deps.factorChecks.secretUri(factor.secret, title, bearer.email ?? party.userId),
    ...(code !== undefined && { recovery_codes: [code] }),
  };
}

/** Creates the refusal of a challenge in Auth0's words; its SDKs take it as "has to enrol". */
const unsupportedChallenge = (type: string) =>
  new OAuthRefusal(
    401,
    'unsupported_challenge_type',
    `User does not have any enrolled authenticator with the supported challenge type (${type})`,
  );

/** The kinds of challenges of Auth0. */
const CHALLENGE_TYPES: readonly string[] = ['otp', 'oob'];

/** Returns the address that a challenge asks for; undefined when it asks for another factor, or the person has none. */
function mailTargetOf(parameters: Parameters, found: FactorsOf): MailTarget | undefined {
  const id = parameters.get('authenticator_id');
  if ((parameters.get('oob_channel') ?? 'email') !== 'email') return undefined;
  const factor = found.mail.find((one) => id === undefined || one.id === id);
  return factor?.address === undefined ? undefined : { id: factor.id, address: factor.address };
}

/**
 * Answers POST /mfa/challenge. A code of an app needs no challenge, so the answer only says that the person has one; it
 * comes first where both are asked for. Throws {@link Fault}.
 */
export async function challenge(
  deps: OAuthDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const parameters = parseBody(request.headers['content-type'], request.body);
  if (parameters instanceof OAuthRefusal) return refuse(reply, parameters, 'client');
  const credentials = parseClientCredentials(request.headers.authorization, parameters);
  if (credentials instanceof OAuthRefusal) return refuse(reply, credentials, 'client');
  const client = await deps.store.findClient(credentials.clientId);
  allowClientOrigins(request, reply, client);
  const barred = await authenticateClient(deps, client, { credentials, ip: request.ip });
  if (barred) return refuse(reply, barred, 'client');
  const text = parameters.get('mfa_token');
  if (text === undefined) return refuse(reply, missingParameter('mfa_token'), 'client');
  const asked = (parameters.get('challenge_type') ?? 'otp oob').split(' ');
  if (!asked.every((type) => CHALLENGE_TYPES.includes(type)))
    return refuse(reply, invalidRequest('challenge_type must be otp or oob'), 'client');
  const token = openFactorToken(deps.factorBox, text);
  const refused = token ? await findRefused(deps, credentials.clientId, token) : malformedToken();
  if (refused instanceof OAuthRefusal) return refuse(reply, refused, 'client');
  const { user, organization, connectionId } = refused.grant;
  const { clientId } = credentials;
  const party = { userId: user.userId, clientId, organizationId: organization?.id, connectionId };
  const found = await readFactors(deps, party, deps.clock.now());
  const wanted = parameters.get('authenticator_id');
  const hasApp = found?.usable.some(({ kind, id }) => kind === 'otp' && (wanted === undefined || wanted === id));
  if (asked.includes('otp') && hasApp) return reply.send({ challenge_type: 'otp' });
  const to = asked.includes('oob') && found ? mailTargetOf(parameters, found) : undefined;
  if (found === undefined || token === undefined || to === undefined)
    return refuse(reply, unsupportedChallenge(asked.join(' ')), 'client');
  const { target } = found;
  const unable = checkMayMail(client);
  if (unable) return refuse(reply, unable, 'client');
  const answer = await challengeByMail(deps, token.id, to, { party, target, from: fromOf(request) });
  return answer instanceof OAuthRefusal ? refuse(reply, answer, 'client') : reply.send(answer);
}

/** Answers DELETE /mfa/authenticators/{id}. An `mfa_token` does not suffice. Throws {@link Fault}. */
export async function removeAuthenticator(
  deps: OAuthDependencies,
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const bearer = await findBearer(deps, request, FACTOR_SCOPES.remove);
  if (bearer instanceof OAuthRefusal) return refuse(reply, bearer, 'bearer');
  allowClientOrigins(request, reply, bearer.client);
  // Attack: somebody who has the password, and so an `mfa_token`, removes the factor that keeps them out.
  if (bearer.by === 'mfa_token')
    return refuse(
      reply,
      new OAuthRefusal(403, 'insufficient_scope', `The token lacks the scope ${FACTOR_SCOPES.remove}`),
      'bearer',
    );
  const at = deps.clock.now();
  const { party, email } = bearer;
  const found = await readFactors(deps, party, at);
  const { id: wanted } = request.params;
  // The account's own address has no row: it is none to remove.
  const factor =
    found?.own.find(({ id, kind }) => id === wanted && CODE_KINDS.includes(kind)) ??
    found?.addresses.find(({ id }) => id === wanted && id !== ACCOUNT_ADDRESS_ID);
  const missing = new OAuthRefusal(404, 'not_found', 'Authenticator not found');
  if (found === undefined || factor === undefined) return refuse(reply, missing, 'client');
  const barred = checkSince(bearer, found) ?? (found.mayChange ? undefined : barredSession(found));
  if (barred) return refuse(reply, barred, 'client');
  const from = fromOf(request);
  const outcome = await deps.factors.remove({
    userId: party.userId,
    id: factor.id,
    at,
    log: [factorLine(deps, 'gd_unenroll', party, factor, { ...from, at })],
    mail: factorMail(
      deps,
      { to: email, userId: party.userId },
      found,
      { change: 'removed', factor: factor.kind },
      { ip: from.ip, at },
    ),
  });
  if (outcome === 'removed') return reply.code(204).send();
  const required = 'The last authenticator stays: a second factor is required. Set up another one first.';
  return refuse(reply, outcome === 'required' ? new OAuthRefusal(409, 'access_denied', required) : missing, 'client');
}
