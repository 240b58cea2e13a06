/**
 * `/actions/actions`: drafts of Actions and their deployment. Each write that changes running code also sets a new
 * revision in its transaction, by which the nodes notice the change.
 */
import { TRIGGERS } from '../../domain/actions/action.js';
import { newUuid } from '../../kernel/ids.js';
import type { ActionCheck } from '../../ports/action-check.js';
import type { ActionChanges, ActionContent, ActionFilter, NewAction } from '../../ports/directory/actions.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, conflict, noAction } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { orConflict } from '../api/wire.js';
import {
  type ActionBody,
  checkDraft,
  checkName,
  emptyCode,
  LIMITS,
  parseContent,
  parseSecrets,
  tooMany,
} from './action-body.js';
import { checkBoundTrigger, deployDraft, endChange, getAction } from './action-deploy.js';
import { parseModules } from './action-modules.js';
import { ACTION, DEFAULT_RUNTIME, VERSION } from './action-wire.js';

const TAKEN = 'An action with this name already exists.';

/** Returns the answer about a draft: the Action, the linter's findings, and the defects that prevent its deployment. */
async function answerWith(call: Call, id: string, check: ActionCheck): Promise<Reply> {
  return { body: ACTION.show({ ...(await getAction(call, id)), check }) };
}

async function toNewContent(call: Call, body: ActionBody): Promise<ActionContent> {
  const { trigger, triggerVersion, ...rest } = parseContent(body);
  if (trigger === undefined)
    throw badBody("Payload validation error: 'Missing required property: supported_triggers'.");
  return {
    trigger,
    triggerVersion: triggerVersion ?? TRIGGERS[trigger].version,
    code: rest.code ?? emptyCode(trigger),
    dependencies: rest.dependencies ?? [],
    modules: await parseModules(call, body.modules ?? []),
    runtime: rest.runtime ?? DEFAULT_RUNTIME,
  };
}

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as ActionBody;
  const { actions } = call.directory;
  await actions.beginChange();
  const content = await toNewContent(call, body);
  const secrets = parseSecrets(body.secrets ?? [], []);
  const check = await checkDraft(deps.checkAction, content, secrets, call.caller.subject);
  const { total = 0 } = await actions.list({}, { limit: 1, count: true });
  if (total >= LIMITS.actions) throw tooMany(`${LIMITS.actions} actions`);
  const action: NewAction = {
    ...content,
    id: newUuid(deps.entropy),
    name: checkName(body.name ?? ''),
    secrets: secrets.map(({ name, value = '' }) => ({ name, value, updatedAt: call.now })),
    createdAt: call.now,
    updatedAt: call.now,
    builtAt: check.errors.length === 0 ? call.now : undefined,
  };
  await orConflict(TAKEN, actions.create(action));
  if (body.deploy === true) await deployDraft(deps, call, await getAction(call, action.id));
  return answerWith(call, action.id, check);
}

async function update(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as ActionBody;
  const { actions } = call.directory;
  await actions.beginChange();
  const before = await getAction(call, call.params.id);
  const modules = body.modules && { modules: await parseModules(call, body.modules) };
  const changes = { ...parseContent(body), ...modules };
  const content: ActionContent = { ...before, ...changes };
  if (changes.trigger !== undefined) await checkBoundTrigger(call, before.id, content.trigger);
  const secrets = body.secrets && parseSecrets(body.secrets, before.secrets);
  const check = await checkDraft(deps.checkAction, content, secrets ?? before.secrets, call.caller.subject);
  const whole: ActionChanges = {
    ...changes,
    ...(body.name === undefined ? {} : { name: checkName(body.name) }),
    ...(secrets === undefined ? {} : { secrets }),
    builtAt: check.errors.length === 0 ? call.now : undefined,
  };
  const after = await orConflict(TAKEN, actions.update(before.id, whole, call.now));
  if (after === undefined) throw noAction();
  if (body.deploy === true) await deployDraft(deps, call, after);
  // Sets a new revision for a new name: reports identify an Action by its name, so the nodes must load the running
  // version again.
  else if (after.name !== before.name && after.deployed !== undefined) await endChange(deps, call);
  return answerWith(call, before.id, check);
}

async function remove(deps: ManagementDeps, call: Call): Promise<Reply> {
  const { actions } = call.directory;
  await actions.beginChange();
  const action = await getAction(call, call.params.id);
  const bound = await actions.listTriggersOf(action.id);
  if (bound.length > 0 && call.query.force !== true) throw conflict('Unable to delete an action bound to a trigger.');
  await actions.delete(action.id);
  if (bound.length > 0) await endChange(deps, call);
  return {};
}

async function list(call: Call): Promise<Reply> {
  const { triggerId, actionName, deployed, installed } = call.query;
  // `installed` asks for Actions from Auth0's marketplace, which does not exist here.
  if (installed === true) return { page: { items: [], total: 0 } };
  const filter: ActionFilter = {
    ...(typeof triggerId === 'string' ? { trigger: triggerId } : {}),
    ...(typeof actionName === 'string' && actionName !== '' ? { name: actionName } : {}),
    ...(typeof deployed === 'boolean' ? { deployed } : {}),
  };
  const page = await call.directory.actions.list(filter, call.paging.request);
  return { page: { ...page, items: page.items.map(ACTION.show) } };
}

/** Returns the operations on `/actions/actions`. */
export function actionOperations(deps: ManagementDeps): Operation[] {
  const item = '/actions/actions/{id}';
  return [
    {
      method: 'get',
      path: '/actions/actions',
      summary: 'List actions',
      reply: ACTION.schema,
      list: { key: 'actions', checkpoint: false, form: 'paged' },
      run: list,
    },
    {
      method: 'post',
      path: '/actions/actions',
      summary: 'Create an action',
      status: 201,
      reply: ACTION.schema,
      refusals: [409],
      run: (call) => create(deps, call),
    },
    {
      method: 'get',
      path: item,
      summary: 'Get an action',
      reply: ACTION.schema,
      refusals: [404],
      run: async (call) => ({ body: ACTION.show(await getAction(call, call.params.id)) }),
    },
    {
      method: 'patch',
      path: item,
      summary: 'Update an action',
      reply: ACTION.schema,
      refusals: [404, 409],
      run: (call) => update(deps, call),
    },
    {
      method: 'delete',
      path: item,
      summary: 'Delete an action',
      refusals: [404, 409],
      run: (call) => remove(deps, call),
    },
    // Auth0's service answers 200, although its document says 202.
    {
      method: 'post',
      path: `${item}/deploy`,
      summary: 'Deploy an action',
      reply: VERSION.schema,
      refusals: [404],
      async run(call) {
        await call.directory.actions.beginChange();
        const draft = await getAction(call, call.params.id);
        const { version, warnings } = await deployDraft(deps, call, draft);
        return { body: VERSION.show({ ...version, action: await getAction(call, draft.id), warnings }) };
      },
    },
  ];
}
