/**
 * `/actions/executions/{id}`, read from the login log (`details.actions`), and the test of a draft, which writes no
 * such line. The output of Actions and the stack of an exception are additions to Auth0's shape.
 */
import type { ActionReport, JsonObject } from '../../domain/actions/action.js';
import { newUuid } from '../../kernel/ids.js';
import type { ActionExecution } from '../../login/stages.js';
import type { TriggerEnd, TriggerResult } from '../../ports/action-runner.js';
import type { ManagementDeps } from '../api/deps.js';
import { noAction, notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { ANY_OBJECT, listOf, replyOf, viewOf, wordOf } from '../api/wire.js';
import { checkRunnable } from './action-body.js';
import { getAction } from './action-deploy.js';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Returns the executions in a login's log line. Their shape is not checked, since only this server writes such lines.
 */
function executionsOf(details: Readonly<Record<string, unknown>>): readonly ActionExecution[] {
  const { actions } = details;
  if (!Array.isArray(actions)) return [];
  return actions.filter(
    (entry): entry is ActionExecution =>
      isObject(entry) && typeof entry.trigger === 'string' && Array.isArray(entry.results),
  );
}

/** Returns Auth0's status for an execution. `failure`: why it failed, if it did. */
function toStatus(end: TriggerEnd['kind'], failure: string | undefined): string {
  if (end === 'redirect' || end === 'factor') return 'suspended';
  if (end !== 'failed') return 'final';
  return failure === 'busy' || failure === 'not_available' ? 'canceled' : 'partial';
}

const endOf = ({ startedAt, durationMs }: ActionReport) => startedAt + durationMs;

const RESULT = viewOf<ActionReport>({
  action_name: ['string', ({ name }) => name],
  'error?': [
    replyOf({ id: 'string', msg: 'string' }, { stack: 'string' }),
    ({ error }) => error && { id: error.name, msg: error.message, stack: error.stack },
  ],
  started_at: ['string', ({ startedAt }) => new Date(startedAt).toISOString()],
  ended_at: ['string', (report) => new Date(endOf(report)).toISOString()],
  console: [listOf('string'), (report) => report.console],
});

interface ShownExecution extends ActionExecution {
  readonly id: string | undefined;
  /** Time of the log line, in milliseconds since the epoch. */
  readonly loggedAt: number;
}

const EXECUTION = viewOf<ShownExecution>({
  id: ['string', ({ id }) => id],
  trigger_id: ['string', ({ trigger }) => trigger],
  status: ['string', ({ end, reason }) => toStatus(end, reason?.split(':')[0])],
  results: [listOf(RESULT.schema), ({ results }) => results.map(RESULT.show)],
  created_at: [
    'string',
    ({ results, loggedAt }) => new Date(Math.min(...results.map(({ startedAt }) => startedAt), loggedAt)).toISOString(),
  ],
  updated_at: ['string', ({ results, loggedAt }) => new Date(Math.max(...results.map(endOf), loggedAt)).toISOString()],
  end: ['string', ({ end }) => end],
  'reason?': ['string', ({ reason }) => reason],
});

/** Reads a fact of a result that has this kind. */
const ofKind =
  <Kind extends TriggerEnd['kind']>(kind: Kind, read: (end: Extract<TriggerEnd, { kind: Kind }>) => unknown) =>
  (end: TriggerEnd) =>
    end.kind === kind ? read(end as Extract<TriggerEnd, { kind: Kind }>) : undefined;

/** The result of an execution. The property is an addition. */
const END = viewOf<TriggerEnd>({
  kind: [wordOf('done', 'redirect', 'factor', 'denied', 'failed'), ({ kind }) => kind],
  'url?': ['string', ofKind('redirect', ({ url }) => url)],
  'reason?': ['string', ofKind('denied', ({ reason }) => reason)],
  'code?': ['string', ofKind('denied', ({ code }) => code)],
  'user_message?': ['string', ofKind('denied', ({ userMessage }) => userMessage)],
  'failure?': ['string', ofKind('failed', ({ failure }) => failure)],
  'message?': ['string', ofKind('failed', ({ message }) => message)],
  'detail?': ['string', ofKind('failed', ({ detail }) => detail)],
});
const TESTED = viewOf<TriggerResult>({
  status: ['string', ({ end }) => toStatus(end.kind, end.kind === 'failed' ? end.failure : undefined)],
  end: [END.schema, ({ end }) => END.show(end)],
  effects: [listOf(ANY_OBJECT), ({ effects }) => effects],
  results: [listOf(RESULT.schema), ({ reports }) => reports.map(RESULT.show)],
});

/**
 * Returns the execution whose id is in the path. A log line may contain several executions, one for each trigger. An id
 * is the id of the line, followed by `:` and the trigger; for the last execution, the line's id alone. The runs before
 * and after a redirect count as one execution.
 */
async function getExecution(call: Call): Promise<Reply> {
  const [logId = '', named] = (call.params.id ?? '').split(':', 2);
  const log = await call.directory.logs.find(logId);
  const all = executionsOf(log?.details ?? {});
  const trigger = named ?? all.at(-1)?.trigger;
  const parts = all.filter((entry) => entry.trigger === trigger);
  const last = parts.at(-1);
  if (log === undefined || last === undefined) throw notFound('The execution does not exist.');
  const results = parts.flatMap((part) => part.results);
  return { body: EXECUTION.show({ ...last, id: call.params.id, results, loggedAt: log.date.getTime() }) };
}

/**
 * Runs the draft with its secrets. The effects that it requests are returned, not applied. Throws 400 for code that
 * cannot run.
 */
async function test(deps: ManagementDeps, call: Call): Promise<Reply> {
  const action = await getAction(call, call.params.id);
  const draft = await call.directory.actions.findDraft(action.id);
  if (draft === undefined) throw noAction();
  // A stored draft may have defects. Without its handler, a test would still run the code outside of it.
  await checkRunnable(deps.checkAction, action, action.secrets, call.caller.subject);
  const { payload } = call.body as { readonly payload: JsonObject };
  const result = await deps.runAction({
    // A new key for each test, so that the runner reuses nothing that it cached for an earlier draft.
    program: { key: `test ${newUuid(deps.entropy)}`, trigger: action.trigger, actions: [draft] },
    organizationId: undefined,
    fairnessKey: `draft ${action.id}`,
    party: { kind: 'operator', name: call.caller.subject },
    event: payload,
    from: 0,
    resume: false,
    effects: [],
  });
  return { body: { payload: TESTED.show(result) } };
}

/** Returns the operations on `/actions/executions`, and the test of a draft. */
export function actionExecutionOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'get',
      path: '/actions/executions/{id}',
      summary: 'Get an execution of actions',
      reply: EXECUTION.schema,
      refusals: [404],
      run: getExecution,
    },
    {
      method: 'post',
      path: '/actions/actions/{id}/test',
      summary: 'Test an action',
      reply: replyOf({ payload: TESTED.schema }),
      refusals: [404],
      readsOnly: true,
      run: (call) => test(deps, call),
    },
  ];
}
