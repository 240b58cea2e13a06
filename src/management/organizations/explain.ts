/**
 * `/organizations/{id}/explain`: answers how a login would be decided, without a login, for one person step by step or
 * for many in brief. Reads only; the login's own rules decide.
 */
import type { ExplainQuestion, Explanation } from '../../login/explain.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, noOrganization } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf, replyOf, viewOf, wordOf } from '../api/wire.js';
import { TRACE_LINE } from '../logs/logs.js';

interface ExplainBody {
  readonly email?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly connection_id?: string;
}

type ExplainError = Extract<Explanation, { error: string }>['error'];

const ERRORS: Readonly<Record<ExplainError, string>> = {
  connection_required: 'No connection of the organization follows from this address: name one with connection_id.',
  unknown_connection: 'The specified connection does not exist, or is not enabled for the organization.',
  invalid_email: 'The address is not a plain e-mail address.',
};

type Explained = Exclude<Explanation, { error: string }>;
const OUTCOME = wordOf('admitted', 'refused', 'proof_required');
const FACTOR = wordOf('binding', 'application', 'organization', 'tenant', 'action');
const REMEDY = replyOf({ kind: 'string', user_id: 'string' });

const EXPLANATION = viewOf<Explained>({
  outcome: [OUTCOME, ({ outcome }) => outcome],
  rule: ['string', ({ rule }) => rule],
  'user_id?': ['string', ({ userId }) => userId],
  'factor_required?': [FACTOR, ({ factorRequired }) => factorRequired],
  trace: [listOf(TRACE_LINE), ({ trace }) => trace],
  'remedy?': [REMEDY, ({ remedy }) => remedy],
});

/** Reads one fact of an explanation, undefined for a question that could not be answered. */
const explained = (read: (answer: Explained) => unknown) => (answer: Explanation) =>
  'error' in answer ? undefined : read(answer);

/**
 * The short form of an explanation. A question that cannot be answered gets an error in its place, so that the other
 * questions are still answered.
 */
const BRIEF = viewOf<Explanation>({
  'outcome?': [OUTCOME, explained(({ outcome }) => outcome)],
  'rule?': ['string', explained(({ rule }) => rule)],
  'user_id?': ['string', explained(({ userId }) => userId)],
  'factor_required?': [FACTOR, explained(({ factorRequired }) => factorRequired)],
  'connection_id?': ['string', explained(({ connectionId }) => connectionId)],
  'error?': ['string', (answer) => ('error' in answer ? answer.error : undefined)],
  'message?': ['string', (answer) => ('error' in answer ? ERRORS[answer.error] : undefined)],
});

async function getOrganizationId(call: Call): Promise<string> {
  const organizationId = call.params.id ?? '';
  if ((await call.directory.organizations.find(organizationId)) === undefined) throw noOrganization();
  return organizationId;
}

function toQuestion(body: ExplainBody): Omit<ExplainQuestion, 'organizationId'> {
  return {
    ...(body.connection_id === undefined ? {} : { connectionId: body.connection_id }),
    ...(body.email === undefined ? {} : { email: body.email }),
    ...(body.claims === undefined ? {} : { claims: body.claims }),
  };
}

async function explain(deps: ManagementDeps, call: Call): Promise<Reply> {
  const organizationId = await getOrganizationId(call);
  const answer = await deps.explain({ organizationId, ...toQuestion(call.body as ExplainBody) });
  if ('error' in answer) throw badBody(ERRORS[answer.error]);
  return { body: EXPLANATION.show(answer) };
}

async function explainMany(deps: ManagementDeps, call: Call): Promise<Reply> {
  const organizationId = await getOrganizationId(call);
  const { people } = call.body as { readonly people: readonly ExplainBody[] };
  const answers = await deps.explainPeople(organizationId, people.map(toQuestion));
  return { body: { answers: answers.map(BRIEF.show) } };
}

/** Returns the operations `POST /organizations/{id}/explain` and `POST /organizations/{id}/explain/people`. */
export function explainOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'post',
      path: '/organizations/{id}/explain',
      summary: 'Explain what a login would be answered',
      reply: EXPLANATION.schema,
      refusals: [404],
      readsOnly: true,
      run: (call) => explain(deps, call),
    },
    {
      method: 'post',
      path: '/organizations/{id}/explain/people',
      summary: 'Explain what the logins of many people would be answered, without the steps',
      reply: replyOf({ answers: listOf(BRIEF.schema) }),
      refusals: [404],
      readsOnly: true,
      run: (call) => explainMany(deps, call),
    },
  ];
}
