/**
 * Handles a SAML response that belongs to no login of this browser (IdP-initiated). Attack (login CSRF): any site can
 * make a browser post a response for the attacker's account; the person would then work in that account without
 * noticing. So the response signs nobody in. It is verified, and then the person is sent through an ordinary login of
 * the connection's application, which the identity provider answers at once from its own session.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuseConnectorFailure } from '../../../login/connector-failure.js';
import { refuse } from '../../../login/refusals.js';
import { newTrace } from '../../../login/trace.js';
import type { Unsolicited } from '../../../ports/service-provider.js';
import { redirect } from '../../oauth/authorization-answer.js';
import type { AnswerAllowance } from '../answer-allowance.js';
import type { LoginRoutesDeps } from '../deps.js';
import { sendRefusedRequest } from '../refused-request.js';
import { readField, sendUnknownTransaction } from '../step.js';

const MAX_NAME = 128;
type Fields = Readonly<Record<string, string>>;

/** True for a posted SAML response if the address names a connection. */
export function isUnsolicited(request: FastifyRequest, fields: Fields): boolean {
  return (
    request.method === 'POST' &&
    fields.SAMLResponse !== undefined &&
    readField(request.query, 'connection') !== undefined
  );
}

/**
 * Returns the URL at which a login to the application begins: the one that it registered (OpenID Connect Core section
 * 4), else /authorize. Undefined for an unknown application.
 */
async function toLoginUrl(
  deps: LoginRoutesDeps,
  connection: string,
  { clientId, query }: Unsolicited,
): Promise<string | undefined> {
  const target = await deps.pipeline.reads.findTarget({ clientId });
  if (target === undefined) return undefined;
  const { initiateLoginUri, callbacks } = target.client;
  if (initiateLoginUri !== undefined) {
    const url = new URL(initiateLoginUri);
    url.searchParams.set('iss', `${deps.origin}/`);
    url.searchParams.set('connection', connection);
    if (query.organization !== undefined) url.searchParams.set('organization', query.organization);
    return url.href;
  }
  const url = new URL('/authorize', deps.origin);
  const usual = { response_type: 'code', scope: 'openid profile email', redirect_uri: callbacks[0] ?? '' };
  // Adds the query that the administrator configured. It is not trusted: /authorize checks each part as in any request.
  for (const [name, value] of Object.entries({ ...usual, ...query })) url.searchParams.set(name, value);
  url.searchParams.set('client_id', clientId);
  url.searchParams.set('connection', connection);
  return url.href;
}

/** Verifies the response, then begins a login. Ignores RelayState, which could name any address. */
export async function answerUnsolicited(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  fields: Fields,
  allowance: AnswerAllowance,
): Promise<FastifyReply> {
  const name = readField(request.query, 'connection') ?? '';
  const found = name.length > MAX_NAME ? undefined : await deps.findServiceProvider(name);
  if (found === undefined) return sendUnknownTransaction(request, reply, deps);
  const { connection, provider } = found;
  const trace = newTrace({ connectionId: connection.id });
  const input = { method: 'POST', parameters: fields } as const;
  const takeBack = allowance.take(request.ip);
  if (takeBack === undefined) {
    const no = refuse('authenticate.too_many_attempts', 'too many answers that proved nobody came from this network');
    const refusal = { ...no, lasts: 'minute' } as const;
    return sendRefusedRequest(request, reply, deps, { refusal, trace });
  }
  const answer = await provider.finishUnsolicited(connection, `${deps.origin}/login/callback`, input);
  if (!answer.ok)
    return sendRefusedRequest(request, reply, deps, { refusal: refuseConnectorFailure(answer, trace), trace });
  takeBack();
  const url = await toLoginUrl(deps, connection.name, answer);
  if (url !== undefined) return redirect(request, reply, url);
  const refusal = refuse('identify.unknown_client', `idpinitiated.client_id ${answer.clientId}`);
  return sendRefusedRequest(request, reply, deps, { refusal, trace });
}
