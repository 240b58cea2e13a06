/**
 * `/logout` (as on Auth0): receives the SAML single logout messages of identity providers. A request of theirs revokes
 * the sessions here that came from theirs. A response of theirs continues the logout of a person who signed out here.
 * Only revokes sessions and writes log lines; signs nobody in. A message that fails a check revokes nothing; its answer
 * reveals nothing to strangers, and the log names the check.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { brandOf } from '../../../domain/look/brand.js';
import { newLogId, newReference } from '../../../kernel/ids.js';
import type { ConnectorFailure } from '../../../ports/connector.js';
import type { LogoutInput, LogoutPartner, LogoutRequest } from '../../../ports/single-logout.js';
import type { PendingLogout } from '../../browser/federated-logout.js';
import { queryOf } from '../../form.js';
import { redirect } from '../../oauth/authorization-answer.js';
import { toHeaderText } from '../../oauth/logout-target.js';
import type { Words } from '../../pages/words/words.js';
import { type AnswerAllowance, createAnswerAllowance } from '../answer-allowance.js';
import type { LoginRoutesDeps } from '../deps.js';
import { readFields } from '../step.js';
import { relay, withoutRelayMark } from './relay.js';

const PATH = '/logout';
/** Maximum number of characters of a posted message, as base64. */
const MAX_MESSAGE = 100_000;
const MAX_FIELD = 4_000;
const LONGER = { SAMLRequest: MAX_MESSAGE, SAMLResponse: MAX_MESSAGE } as const;
/** Maximum number of bytes of a posted form, with the message percent-encoded. */
const BODY_LIMIT = 150_000;
const TOO_MANY = { check: 'too_many_attempts', detail: 'too many messages that proved nothing came from this network' };

interface Call {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deps: LoginRoutesDeps;
  readonly allowance: AnswerAllowance;
  readonly input: LogoutInput;
}

/** The texts of the pages for a request, and for a response, of an identity provider that failed a check. */
const FAILURES = {
  request: {
    title: ({ logout }: Words) => logout.failed,
    sentence: ({ logout }: Words) => logout.companyRequest,
    advice: ({ logout }: Words) => logout.companyRequestAdvice,
  },
  answer: {
    title: ({ logout }: Words) => logout.here,
    sentence: ({ logout }: Words) => logout.companyAnswer,
    advice: ({ logout }: Words) => logout.companyAnswerAdvice,
  },
};

type Why = Pick<ConnectorFailure, 'check' | 'detail'>;

/** Returns the tenant, for the page's language and brand; nothing more is known here. */
async function findPlace({ deps }: Pick<Call, 'deps'>) {
  const place = { tenant: await deps.pipeline.reads.findTenant() };
  return { place, brand: brandOf(place, deps.origin) };
}

/**
 * Shows a page with a reference number, by which the log names the check. The page says nothing about people or
 * connections.
 */
async function showFailure(
  { request, reply, deps }: Call,
  of: keyof typeof FAILURES,
  { check, detail: reason }: Why,
  { status = 400, goOn }: { readonly status?: number; readonly goOn?: string | undefined } = {},
): Promise<FastifyReply> {
  const reference = newReference(deps.pipeline.entropy);
  request.log.info({ reference, check, reason, of }, 'a message of single logout was refused');
  const { place, brand } = await findPlace({ deps });
  const page = {
    page: 'error',
    brand,
    ...FAILURES[of],
    reference,
    technical: 'saml.logout',
    links: goOn === undefined ? [] : [{ label: (words: Words) => words.page.continue, url: goOn }],
  } as const;
  return deps.sendPage(reply, page, place, status);
}

async function leave(call: Call, target: string | undefined): Promise<FastifyReply> {
  const { request, reply, deps } = call;
  if (target !== undefined) return redirect(request, reply, toHeaderText(target));
  const { place, brand } = await findPlace(call);
  return deps.sendPage(reply, { page: 'signed-out', brand }, place);
}

/** Checks the response to the logout request that this browser carried to the identity provider. */
async function answerResponse(call: Call, pending: PendingLogout): Promise<FastifyReply> {
  const { request, reply, deps, input } = call;
  const partner = await deps.logoutPartners.findById(pending.connectionId);
  if (partner === undefined) return leave(call, pending.target);
  const { connection, logout } = partner;
  const finished = await logout.finishLogout(connection, pending.remembered, `${deps.origin}${PATH}`, input);
  // The session here was revoked before, so the person may continue although the check failed.
  if (!finished.ok) return showFailure(call, 'answer', finished, { goOn: pending.target });
  if (!finished.complete) request.log.info({ connection: connection.name }, 'the provider has not ended all sessions');
  await deps.federatedLogout.end(reply);
  return leave(call, pending.target);
}

/** Revokes the sessions that the request names, if they came by its connection. Logs each user. */
async function endSessions(
  { request, deps }: Call,
  { connection }: LogoutPartner,
  { name, indexes, issuedAt }: LogoutRequest,
): Promise<void> {
  const { clock, entropy, ledger } = deps.pipeline;
  const date = clock.now();
  const users = await deps.sessionEnder.endIdpSessions(
    { connectionId: connection.id, name, indexes, issuedUntil: issuedAt },
    date,
  );
  for (const userId of users)
    await ledger.append({
      logId: newLogId(entropy, date),
      date,
      type: 'slo',
      description: 'Signed out by the identity provider',
      userId,
      connectionId: connection.id,
      ip: request.ip,
      details: {},
      hasProof: true,
    });
}

interface Asked {
  readonly partner: LogoutPartner;
  readonly asked: LogoutRequest;
}

/**
 * Finds the connections with a key that verifies the request: one connection, or all that one identity provider has
 * here.
 */
async function findAsked({ deps, input }: Call): Promise<{ readonly all: readonly Asked[]; readonly why: Why }> {
  const logoutUrl = `${deps.origin}${PATH}`;
  const partners = await deps.logoutPartners.listAddressed(input);
  const all: Asked[] = [];
  let why: Why = { check: 'saml.issuer', detail: 'no connection pins the issuer of the request, or it cannot be read' };
  for (const partner of partners) {
    const asked = await partner.logout.readLogoutRequest(partner.connection, logoutUrl, input);
    if (asked.ok) all.push({ partner, asked });
    else why = asked;
  }
  return { all, why };
}

/** Answers a logout request of an identity provider. The answer is the same whether there were sessions or not. */
async function answerRequest(call: Call): Promise<FastifyReply> {
  const { request, reply, deps, allowance } = call;
  const takeBack = allowance.take(request.ip);
  if (takeBack === undefined) return showFailure(call, 'request', TOO_MANY, { status: 429 });
  const { all, why } = await findAsked(call);
  const [first] = all;
  if (first === undefined) return showFailure(call, 'request', why);
  takeBack();
  for (const { partner, asked } of all) await endSessions(call, partner, asked);
  const letter = await first.partner.logout.answerLogout(first.partner.connection, first.asked);
  if (letter === undefined) return leave(call, undefined);
  if (letter.post === undefined) return redirect(request, reply, letter.url);
  const { place, brand } = await findPlace(call);
  return deps.sendPage(reply, { page: 'relay', brand, action: letter.url, fields: letter.post }, place);
}

/** Registers GET and POST /logout. */
export function registerSingleLogout(app: FastifyInstance, deps: LoginRoutesDeps): void {
  const allowance = createAnswerAllowance(deps.pipeline.clock, deps.answersPerMinute);

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    reply.header('cache-control', 'no-store');
    const posted = request.method === 'POST' ? readFields(request.body, MAX_FIELD, LONGER) : {};
    const { fields, isRelayed } = withoutRelayMark(posted);
    const query = queryOf(request.url);
    const input: LogoutInput =
      request.method === 'POST' ? { method: 'POST', parameters: fields } : { method: 'GET', query };
    const call = { request, reply, deps, allowance, input };
    const isAnswer = request.method === 'POST' ? 'SAMLResponse' in fields : /(?:^|&)SAMLResponse=/.test(query);
    if (!isAnswer) return answerRequest(call);
    const pending = await deps.federatedLogout.find(request);
    if (pending !== undefined) return answerResponse(call, pending);
    // A form that another site posts comes without the cookie.
    if (request.method === 'POST' && !isRelayed) return relay(reply, deps, PATH, fields);
    return showFailure(call, 'request', { check: 'saml.in_response_to', detail: 'this browser waits for no answer' });
  }

  app.get(PATH, answer);
  app.post(PATH, { bodyLimit: BODY_LIMIT }, answer);
}
