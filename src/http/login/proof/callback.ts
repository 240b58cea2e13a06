/**
 * /login/callback: the browser returns from an identity provider. Continues only in the browser that left, which has
 * the transaction's cookie. The commit accepts each login only once, and the connector checks that the answer belongs
 * to the request that it sent.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuseConnectorFailure } from '../../../login/connector-failure.js';
import type { LoginOutcome } from '../../../login/outcome.js';
import { runLogin } from '../../../login/pipeline.js';
import { refuse } from '../../../login/refusals.js';
import type { Attempt } from '../../../login/stages.js';
import { newTrace } from '../../../login/trace.js';
import type { LoginTransaction } from '../../browser/transactions.js';
import { answerTrial } from '../../setup/routes.js';
import { findTrial } from '../../setup/trial-cookie.js';
import { type AnswerAllowance, createAnswerAllowance } from '../answer-allowance.js';
import type { LoginRoutesDeps } from '../deps.js';
import { picksOrganizationLater } from '../flow.js';
import { newAttempt, refuseHere, sendOutcome } from '../outcome.js';
import { pickOrganization } from '../picker.js';
import { comesAcrossSites, relay, withoutRelayMark } from '../saml/relay.js';
import { answerUnsolicited, isUnsolicited } from '../saml/unsolicited.js';
import { checkFields, findIdentified, readField, readFields, sendUnknownTransaction } from '../step.js';

/**
 * Maximum number of characters of one field. An ID token with several hundred groups has about ten thousand. The limit
 * of the whole body applies too.
 */
const MAX_FIELD_CHARACTERS = 65_536;
/** Maximum number of characters of fields that may be longer: a SAML response is one field of base64. */
const LONGER = { SAMLResponse: 350_000 } as const;
/** Maximum number of bytes of a form posted here, which has that field percent-encoded. */
const BODY_LIMIT = 450_000;

/** True when the identity provider's answer proved nobody's identity. Then it remains counted against the allowance. */
function provedNobody(outcome: LoginOutcome | 'sent'): boolean {
  return outcome !== 'sent' && outcome.kind === 'refused' && outcome.refusal.code.startsWith('authenticate.idp_');
}

interface Answered {
  readonly transaction: LoginTransaction & { readonly upstream: NonNullable<LoginTransaction['upstream']> };
  readonly parameters: Readonly<Record<string, string>>;
}

/** Runs the login, or lets the person pick an organization. Returns `sent` when an answer was sent already. */
async function finish(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  transaction: LoginTransaction,
  attempt: Attempt,
): Promise<LoginOutcome | 'sent'> {
  if (transaction.organizationId === undefined) {
    const identified = await findIdentified(request, reply, deps, transaction);
    if (identified === undefined) return 'sent';
    if (picksOrganizationLater(identified)) {
      const picked = await pickOrganization({ request, reply, deps, transaction, identified, fields: {} }, attempt);
      return picked.kind === 'sent' ? 'sent' : picked;
    }
  }
  return runLogin(attempt, deps.pipeline);
}

async function complete(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  allowance: AnswerAllowance,
  { transaction, parameters }: Answered,
): Promise<FastifyReply> {
  const { connectionId, fingerprint, remembered, sentAt } = transaction.upstream;
  const method = request.method === 'POST' ? 'POST' : 'GET';
  const attempt = newAttempt(request, deps, transaction, {
    kind: 'callback',
    connectionId,
    fingerprint,
    remembered,
    redirectUri: `${deps.origin}/login/callback`,
    sentAt: new Date(sentAt),
    input: { method, parameters },
  });
  // An error response causes no request to the identity provider, so it is not counted.
  const takeBack = parameters.error === undefined ? allowance.take(request.ip) : () => undefined;
  if (takeBack === undefined) {
    const no = refuse('authenticate.too_many_attempts', 'too many answers that proved nobody came from this network');
    const refusal = { ...no, limit: 'answers', lasts: 'minute' } as const;
    return refuseHere(request, reply, deps, {
      attempt,
      transaction,
      identified: undefined,
      refusal,
      trace: newTrace(),
    });
  }
  let outcome: LoginOutcome | 'sent';
  try {
    outcome = await finish(request, reply, deps, transaction, attempt);
  } catch (error) {
    takeBack();
    throw error;
  }
  if (!provedNobody(outcome)) takeBack();
  return outcome === 'sent' ? reply : sendOutcome(request, reply, deps, transaction, outcome);
}

async function callback(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: LoginRoutesDeps,
  allowance: AnswerAllowance,
): Promise<FastifyReply> {
  const source = request.method === 'POST' ? request.body : request.query;
  const named = deps.transactionOf((field) => readField(source, field));
  const transaction = await deps.transactions.find(request, named);
  const wrong = checkFields(source, MAX_FIELD_CHARACTERS, LONGER);
  if (transaction?.upstream === undefined) {
    const { fields, isRelayed } = withoutRelayMark(wrong ? {} : readFields(source, MAX_FIELD_CHARACTERS, LONGER));
    const trial = wrong ? undefined : await findTrial(request, deps.setup, named);
    if (trial !== undefined) return answerTrial(request, reply, deps.setup, trial, fields, allowance);
    if (!wrong && comesAcrossSites(request, named, isRelayed)) return relay(reply, deps, '/login/callback', fields);
    return !wrong && named === undefined && isUnsolicited(request, fields)
      ? answerUnsolicited(request, reply, deps, fields, allowance)
      : sendUnknownTransaction(request, reply, deps, named);
  }
  if (wrong) {
    const trace = newTrace();
    const failure = { ok: false, reason: 'invalid', check: 'callback.parameters', detail: wrong.message } as const;
    const refusal = refuseConnectorFailure(failure, trace);
    const attempt = newAttempt(request, deps, transaction, { kind: 'none' });
    return refuseHere(request, reply, deps, { attempt, transaction, identified: undefined, refusal, trace });
  }
  const { fields: parameters } = withoutRelayMark(readFields(source, MAX_FIELD_CHARACTERS, LONGER));
  return complete(request, reply, deps, allowance, {
    transaction: { ...transaction, upstream: transaction.upstream },
    parameters,
  });
}

/** Registers GET and POST /login/callback. */
export function registerCallback(app: FastifyInstance, deps: LoginRoutesDeps): void {
  const allowance = createAnswerAllowance(deps.pipeline.clock, deps.answersPerMinute);
  app.get('/login/callback', (request, reply) => callback(request, reply, deps, allowance));
  app.post('/login/callback', { bodyLimit: BODY_LIMIT }, (request, reply) => callback(request, reply, deps, allowance));
}
