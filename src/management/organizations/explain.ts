/** `/organizations/{id}/explain`: the answer that a login would get, without a login. Reads only; decides nothing itself. */
import type { ExplainQuestion, Explanation } from '../../login/explain.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, noOrganization } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { present, replyOf } from '../api/wire.js';

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

async function explain(deps: ManagementDeps, call: Call): Promise<Reply> {
  const organizationId = call.params.id ?? '';
  if ((await call.directory.organizations.find(organizationId)) === undefined) throw noOrganization();
  const body = call.body as ExplainBody;
  const question: ExplainQuestion = {
    organizationId,
    ...(body.connection_id === undefined ? {} : { connectionId: body.connection_id }),
    ...(body.email === undefined ? {} : { email: body.email }),
    ...(body.claims === undefined ? {} : { claims: body.claims }),
  };
  const answer = await deps.explain(question);
  if ('error' in answer) throw badBody(ERRORS[answer.error]);
  const { outcome, rule, userId, trace, remedy } = answer;
  return { body: present({ outcome, rule, user_id: userId, trace, remedy }) };
}

/** The operation `POST /organizations/{id}/explain`. */
export function explainOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'post',
      path: '/organizations/{id}/explain',
      summary: 'Explain what a login would be answered',
      status: 200,
      reply: replyOf({ outcome: 'string', rule: 'string', trace: 'array' }, { remedy: 'object' }),
      refusals: [404],
      readsOnly: true,
      run: (call) => explain(deps, call),
    },
  ];
}
