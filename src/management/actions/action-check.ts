/**
 * `/actions/check`, an addition: checks code while it is written. Answers the linter's findings, and the defects that
 * would prevent a deployment. Without a trigger, the code is checked as a module, which has no handler. Stores and runs
 * nothing. Knows only the packages that come with the server.
 */
import type { ManagementDeps } from '../api/deps.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf, replyOf } from '../api/wire.js';
import { type ActionBody, parseContent, parseTrigger } from './action-body.js';
import { DEFECT, WARNING } from './action-wire.js';

interface CheckBody extends Pick<ActionBody, 'dependencies'> {
  readonly trigger_id?: string;
  readonly code: string;
  readonly secret_names?: readonly string[];
  readonly module_names?: readonly string[];
}

async function check(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as CheckBody;
  const { dependencies = [] } = parseContent(body);
  if (body.trigger_id === undefined) {
    const defects = await deps.checkModule({ code: body.code, dependencies }, call.caller.subject);
    return { body: { errors: defects.map(DEFECT.show), warnings: [] } };
  }
  const trigger = parseTrigger(body.trigger_id);
  const { code, secret_names: secrets = [], module_names: modules } = body;
  const found = await deps.checkAction({ code, trigger, dependencies, secrets, modules }, call.caller.subject);
  return { body: { errors: found.errors.map(DEFECT.show), warnings: found.warnings.map(WARNING.show) } };
}

/** Returns the operation `POST /actions/check`. */
export function actionCheckOperations(deps: ManagementDeps): Operation[] {
  return [
    {
      method: 'post',
      path: '/actions/check',
      summary: 'Check the code of an action without storing it',
      reply: replyOf({ errors: listOf(DEFECT.schema), warnings: listOf(WARNING.schema) }),
      readsOnly: true,
      run: (call) => check(deps, call),
    },
  ];
}
