/**
 * Refuses a request to /authorize before a login begins. The error goes to the application if its redirect address is
 * certain, else to a page of this server. Both are logged, so that an administrator finds the error by its reference
 * (docs/errors.md). Checks nothing itself.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthorizationRequest } from '../../domain/authorization-request.js';
import { brandOf } from '../../domain/look/brand.js';
import type { Client } from '../../domain/tenant.js';
import { type Refusal, refuse } from '../../login/refusals.js';
import { newTrace } from '../../login/trace.js';
import type { LoginRoutesDeps } from '../login/deps.js';
import { recordRefusedRequest } from '../login/refused-request.js';
import { tellHere } from '../login/tell-here.js';
import type { PageBrand } from '../pages/models.js';
import { type SpeechPlace, sayRefusal } from '../pages/speech.js';
import { sendAnswer } from './authorization-answer.js';
import type { AnswerAddress, ProtocolError } from './authorization-parameters.js';

/** Writes the refusal into the login log; returns the reference of its line. */
function record(
  request: FastifyRequest,
  deps: LoginRoutesDeps,
  wrong: ProtocolError,
  clientId: string | undefined,
): Promise<string> {
  const { error, description } = wrong;
  const refusal: Refusal =
    wrong.refusal ?? refuse('identify.invalid_request', `${error}: ${description}`, { description });
  const trace = newTrace();
  const [, rule = ''] = refusal.code.split('.');
  trace.add('identify', rule, 'refuse', { error, description, ...(clientId !== undefined && { client_id: clientId }) });
  return recordRefusedRequest(request, deps, { refusal, trace, ...(clientId !== undefined && { clientId }) });
}

/**
 * Shows an error on a page of this server, because its redirect address is in doubt (RFC 6749 section 4.1.2.1: open
 * redirect).
 */
export async function showError(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  wrong: ProtocolError,
  clientId?: string,
): Promise<FastifyReply> {
  const reference = await record(request, deps, wrong, clientId);
  return deps.sendPage(
    reply,
    {
      page: 'error',
      brand: brandOf({}, deps.origin),
      ...sayRefusal('identify.invalid_request'),
      reference,
      technical: `${wrong.error}: ${wrong.description}`,
      links: [],
    },
    {},
    400,
  );
}

/** Shows the error page for an unknown `client_id`. */
export function showUnknownClient(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  clientId: string,
): Promise<FastifyReply> {
  const refusal = refuse('identify.unknown_client', clientId);
  const description = `Unknown client: ${clientId}`;
  return showError(request, reply, deps, { error: 'invalid_request', description, refusal }, clientId);
}

/** Sends the application the error of its request, with the reference of the log line; or first shows it here. */
export async function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  to: {
    address: AnswerAddress;
    brand: PageBrand;
    place: SpeechPlace;
    client: Client;
    /** The request, if it is well-formed and only asks for something that the application cannot have. */
    asked: AuthorizationRequest | undefined;
    organizationId: string | undefined;
  },
  wrong: ProtocolError,
): Promise<FastifyReply> {
  const { client, asked, organizationId } = to;
  const reference = await record(request, deps, wrong, client.clientId);
  // A malformed request goes to the application at once: only its developers can act on it.
  if (asked !== undefined && wrong.refusal !== undefined) {
    const { id } = deps.transactions.start(asked, organizationId);
    const told = { id, asked, organizationId, client, refusal: wrong.refusal, reference, signedInAs: undefined };
    if (await tellHere(request, reply, deps, told)) return reply;
  }
  const fields = { error: wrong.error, error_description: wrong.description, error_reference: reference };
  return sendAnswer(request, reply, deps, { ...to, fields });
}
