/** `/actions/actions/{actionId}/versions`: lists earlier deployments, and deploys one of them again. */
import { newUuid } from '../../kernel/ids.js';
import type { ManagementDeps } from '../api/deps.js';
import { notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { LIMITS } from './action-body.js';
import { checkDeployment, endChange, getAction } from './action-deploy.js';
import { VERSION } from './action-wire.js';

const noVersion = () => notFound('The action version does not exist.');

async function list(call: Call): Promise<Reply> {
  const action = await getAction(call, call.params.actionId);
  const page = await call.directory.actions.listVersions(action.id, call.paging.request);
  return { page: { ...page, items: page.items.map((version) => VERSION.show({ ...version, action })) } };
}

async function getVersion(call: Call) {
  const version = await call.directory.actions.findVersion(call.params.actionId ?? '', call.params.id ?? '');
  if (version === undefined) throw noVersion();
  return version;
}

/**
 * Creates a copy of the named version and deploys it at once. Changes the draft only if the request has `update_draft`.
 */
async function deployAgain(deps: Pick<ManagementDeps, 'entropy' | 'checkAction'>, call: Call): Promise<Reply> {
  const { update_draft: updateDraft = false } = call.body as { readonly update_draft?: boolean };
  const { actions } = call.directory;
  await actions.beginChange();
  const action = await getAction(call, call.params.actionId);
  const from = await getVersion(call);
  const warnings = await checkDeployment(deps, call, action.id, from);
  const fresh = { id: newUuid(deps.entropy), at: call.now };
  const version = await actions.deployAgain(action.id, from.id, fresh, { updateDraft, keep: LIMITS.versions });
  if (version === undefined) throw noVersion();
  await endChange(deps, call);
  return { body: VERSION.show({ ...version, action: await getAction(call, action.id), warnings }) };
}

/** Returns the operations on the versions of an Action. */
export function actionVersionOperations(deps: Pick<ManagementDeps, 'entropy' | 'checkAction'>): Operation[] {
  const path = '/actions/actions/{actionId}/versions';
  return [
    {
      method: 'get',
      path,
      summary: "List an action's versions",
      reply: VERSION.schema,
      list: { key: 'versions', checkpoint: false, form: 'paged' },
      refusals: [404],
      run: list,
    },
    {
      method: 'get',
      path: `${path}/{id}`,
      summary: "Get an action's version",
      reply: VERSION.schema,
      refusals: [404],
      async run(call) {
        const action = await getAction(call, call.params.actionId);
        return { body: VERSION.show({ ...(await getVersion(call)), action }) };
      },
    },
    // Answers 200, as the deployment of a draft does.
    {
      method: 'post',
      path: `${path}/{id}/deploy`,
      summary: "Deploy an action's version again",
      reply: VERSION.schema,
      refusals: [404],
      run: (call) => deployAgain(deps, call),
    },
  ];
}
