/**
 * `/actions/modules/{id}/versions`: the published versions of a module. A version never changes; each Action names the
 * version that it loads.
 */
import type { ManagementDeps } from '../api/deps.js';
import { notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { getModule, publishDraft } from './module-publish.js';
import { MODULE_VERSION } from './module-wire.js';

export const noModuleVersion = () => notFound('The action module version does not exist.');

async function list(call: Call): Promise<Reply> {
  const { id } = await getModule(call);
  const page = await call.directory.actionModules.listVersions(id, call.paging.request);
  return { page: { ...page, items: page.items.map(MODULE_VERSION.show) } };
}

async function get(call: Call): Promise<Reply> {
  const { id } = await getModule(call);
  const version = await call.directory.actionModules.findVersion(id, call.params.versionId ?? '');
  if (version === undefined) throw noModuleVersion();
  return { body: MODULE_VERSION.show(version) };
}

/** Returns the operations on the versions of a module. */
export function actionModuleVersionOperations(deps: ManagementDeps): Operation[] {
  const path = '/actions/modules/{id}/versions';
  return [
    {
      method: 'get',
      path,
      summary: "List an action module's versions",
      reply: MODULE_VERSION.schema,
      list: { key: 'versions', checkpoint: false, form: 'paged', totals: 'with-zeros' },
      refusals: [404],
      run: list,
    },
    {
      method: 'get',
      path: `${path}/{versionId}`,
      summary: "Get an action module's version",
      reply: MODULE_VERSION.schema,
      refusals: [404],
      run: get,
    },
    {
      method: 'post',
      path,
      summary: 'Publish an action module',
      reply: MODULE_VERSION.schema,
      refusals: [404, 409, 412],
      async run(call) {
        await call.directory.actions.beginChange();
        return { body: MODULE_VERSION.show(await publishDraft(deps, call, await getModule(call))) };
      },
    },
  ];
}
