/**
 * /continue: the person returns from an Action's redirect. Continues only in the browser that left, which has the
 * transaction's cookie. Reads the person's proof from that cookie, never from the request. Only the Action can check
 * whether the person finished their task on the other site.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { runLogin } from '../../login/pipeline.js';
import type { Kept } from '../../login/stages.js';
import type { LoginTransaction } from '../browser/transactions.js';
import type { LoginRoutesDeps } from './deps.js';
import { newAttempt, sendOutcome } from './outcome.js';
import { recallProof } from './proof/recall-proof.js';
import { comesAcrossSites, relay, withoutRelayMark } from './saml/relay.js';
import { readField, readFields, sendUnknownTransaction } from './step.js';

/**
 * Maximum number of characters of one field. A token with a profile has several thousand. The limit of the whole body
 * applies too.
 */
const MAX_FIELD_CHARACTERS = 16_384;

async function goOn(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  transaction: LoginTransaction,
  kept: Kept,
  came: { readonly query: Readonly<Record<string, string>>; readonly body: Readonly<Record<string, string>> },
): Promise<FastifyReply> {
  const { waiting: _done, ...rest } = transaction;
  const credential = await recallProof(request, deps, kept.proof);
  const attempt = {
    ...newAttempt(request, deps, rest, credential),
    kept,
    came: { method: request.method, ...came },
  };
  return sendOutcome(request, reply, deps, transaction, await runLogin(attempt, deps.pipeline));
}

async function answer(request: FastifyRequest, reply: FastifyReply, deps: LoginRoutesDeps): Promise<FastifyReply> {
  const state = readField(request.query, 'state') ?? readField(request.body, 'state');
  const transaction = await deps.transactions.find(request, state);
  const waiting = transaction?.waiting?.for === 'action' ? transaction.waiting : undefined;
  if (waiting === undefined && request.method !== 'POST') return sendUnknownTransaction(request, reply, deps, state);
  const query = readFields(request.query, MAX_FIELD_CHARACTERS);
  const posted = readFields(request.method === 'POST' ? request.body : undefined, MAX_FIELD_CHARACTERS);
  const { fields: body, isRelayed } = withoutRelayMark(posted);
  if (transaction !== undefined && waiting !== undefined)
    return goOn(request, reply, deps, transaction, waiting.kept, { query, body });
  return comesAcrossSites(request, state, isRelayed)
    ? relay(reply, deps, `/continue?state=${encodeURIComponent(state ?? '')}`, body)
    : sendUnknownTransaction(request, reply, deps, state);
}

/** Registers GET and POST /continue. */
export function registerContinue(app: FastifyInstance, deps: LoginRoutesDeps): void {
  app.get('/continue', (request, reply) => answer(request, reply, deps));
  app.post('/continue', (request, reply) => answer(request, reply, deps));
}
