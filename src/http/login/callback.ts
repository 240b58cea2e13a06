/**
 * /login/callback: the way back from an IdP. Answers only the browser that left (the transaction's cookie), only once (the
 * commit's receipt), only to the `state` that it was sent with (the connector compares it).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuseConnectorFailure } from '../../login/2-authenticate.js';
import { runLogin } from '../../login/pipeline.js';
import { newTrace } from '../../login/trace.js';
import type { LoginTransaction } from '../browser/transactions.js';
import { brandOf } from './brand.js';
import type { LoginRoutesDeps } from './deps.js';
import { picksOrganizationLater } from './flow.js';
import { newAttempt, refuseHere, sendOutcome } from './outcome.js';
import { pickOrganization } from './picker.js';
import { checkFields, findIdentified, readField, readFields, sendUnknownTransaction } from './step.js';

const RELAY = 'vestibule_relay';
/** An ID token with a few hundred groups is some ten thousand characters; the size of the body bounds it. */
const MAX_FIELD_CHARACTERS = 65_536;

/**
 * A form that an IdP posted across sites comes without our SameSite=Lax cookies. It is handed back to the browser to be
 * posted once more from our own page, with the cookies; it carries nothing that the browser did not just send.
 */
function relay(reply: FastifyReply, deps: LoginRoutesDeps, parameters: Readonly<Record<string, string>>): FastifyReply {
  return deps.sendPage(reply, {
    page: 'relay',
    brand: brandOf({}, deps.origin),
    action: '/login/callback',
    fields: { ...parameters, [RELAY]: '1' },
  });
}

async function complete(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  login: {
    transaction: LoginTransaction & { upstream: NonNullable<LoginTransaction['upstream']> };
    parameters: Readonly<Record<string, string>>;
  },
): Promise<FastifyReply> {
  const { transaction, parameters } = login;
  const { connectionId, fingerprint, secrets, sentAt } = transaction.upstream;
  const method = request.method === 'POST' ? 'POST' : 'GET';
  const attempt = newAttempt(request, deps, transaction, {
    kind: 'callback',
    connectionId,
    fingerprint,
    secrets,
    redirectUri: `${deps.origin}/login/callback`,
    sentAt: new Date(sentAt),
    input: { method, parameters },
  });
  if (transaction.organizationId === undefined) {
    const identified = await findIdentified(request, reply, deps, transaction);
    if (identified === undefined) return reply;
    if (picksOrganizationLater(identified)) {
      const picked = await pickOrganization({ request, reply, deps, transaction, identified, fields: {} }, attempt);
      return picked.kind === 'sent' ? reply : sendOutcome(request, reply, deps, transaction, picked);
    }
  }
  return sendOutcome(request, reply, deps, transaction, await runLogin(attempt, deps.pipeline));
}

async function callback(request: FastifyRequest, reply: FastifyReply, deps: LoginRoutesDeps): Promise<FastifyReply> {
  const source = request.method === 'POST' ? request.body : request.query;
  const state = readField(source, 'state');
  const transaction = deps.transactions.find(request, state?.split('.')[0]);
  const wrong = checkFields(source, MAX_FIELD_CHARACTERS);
  if (transaction?.upstream === undefined) {
    const { [RELAY]: relayed, ...parameters } = wrong ? {} : readFields(source, MAX_FIELD_CHARACTERS);
    const acrossSites = request.method === 'POST' && relayed === undefined && parameters.state !== undefined;
    return acrossSites ? relay(reply, deps, parameters) : sendUnknownTransaction(request, reply, deps);
  }
  if (wrong) {
    const trace = newTrace();
    const failure = { ok: false, reason: 'invalid', check: 'callback.parameters', detail: wrong.message } as const;
    const refusal = refuseConnectorFailure(failure, trace);
    const attempt = newAttempt(request, deps, transaction, { kind: 'none' });
    return refuseHere(request, reply, deps, { attempt, transaction, identified: undefined, refusal, trace });
  }
  const { [RELAY]: _relayed, ...parameters } = readFields(source, MAX_FIELD_CHARACTERS);
  return complete(request, reply, deps, {
    transaction: { ...transaction, upstream: transaction.upstream },
    parameters,
  });
}

/** GET and POST /login/callback. */
export function registerCallback(app: FastifyInstance, deps: LoginRoutesDeps): void {
  app.get('/login/callback', (request, reply) => callback(request, reply, deps));
  app.post('/login/callback', (request, reply) => callback(request, reply, deps));
}
