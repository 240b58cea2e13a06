/** `/actions/modules`: code that Actions share. A write changes only the draft, and no login runs a draft. */
import { isDeepStrictEqual } from 'node:util';
import { newUuid } from '../../kernel/ids.js';
import type { ModuleContent, ModuleRecord, ModuleVersionRecord } from '../../ports/directory/action-modules.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, conflict, ManagementError } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { orConflict } from '../api/wire.js';
import { type ActionBody, LIMITS, parseDependencies, parseSecrets, tooMany } from './action-body.js';
import { checkModuleDraft, getModule, noModule, publishDraft } from './module-publish.js';
import { noModuleVersion } from './module-versions.js';
import { LISTED_MODULE, MODULE, MODULE_USE } from './module-wire.js';

interface ModuleBody extends Pick<ActionBody, 'dependencies' | 'secrets'> {
  readonly code?: string;
}

function parseContent(body: ModuleBody): Partial<ModuleContent> {
  return {
    ...(body.code === undefined ? {} : { code: body.code }),
    ...(body.dependencies === undefined ? {} : { dependencies: parseDependencies(body.dependencies) }),
  };
}

function checkName(name: string): string {
  if (name.trim() === '') throw badBody('The name of an action module has 1 to 255 characters.');
  return name;
}

/** Reads the whole module again and answers with it. */
async function answerWith(call: Call, id: string): Promise<Reply> {
  const module = await call.directory.actionModules.find(id);
  if (module === undefined) throw noModule();
  return { body: MODULE.show(module) };
}

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as ModuleBody & { readonly name: string; readonly publish?: boolean };
  const { actionModules } = call.directory;
  await call.directory.actions.beginChange();
  const content = { code: '', dependencies: [], ...parseContent(body) };
  const secrets = parseSecrets(body.secrets ?? [], []);
  await checkModuleDraft(deps, call, content);
  const { total = 0 } = await actionModules.list({ limit: 1, count: true });
  if (total >= LIMITS.modules) throw tooMany(`${LIMITS.modules} action modules`);
  const id = newUuid(deps.entropy);
  const kept = secrets.map(({ name, value = '' }) => ({ name, value, updatedAt: call.now }));
  const module = { ...content, id, name: checkName(body.name), secrets: kept, createdAt: call.now };
  await orConflict('An action module with the same name already exists.', actionModules.create(module));
  const made = body.publish === true ? await actionModules.find(id) : undefined;
  if (made !== undefined) await publishDraft(deps, call, made);
  return answerWith(call, id);
}

async function update(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as ModuleBody;
  await call.directory.actions.beginChange();
  const before = await getModule(call);
  const changes = parseContent(body);
  const secrets = body.secrets && { secrets: parseSecrets(body.secrets, before.secrets) };
  await checkModuleDraft(deps, call, { ...before, ...changes });
  const after = await call.directory.actionModules.update(before.id, { ...changes, ...secrets }, call.now);
  if (after === undefined) throw noModule();
  return { body: MODULE.show(after) };
}

async function remove(call: Call): Promise<Reply> {
  await call.directory.actions.beginChange();
  const { id } = await getModule(call);
  if (await call.directory.actionModules.isUsed(id))
    throw new ManagementError(412, 'The Actions Module cannot be deleted because it is in use by one or more actions.');
  await call.directory.actionModules.delete(id);
  return {};
}

const isSame = (draft: ModuleRecord, version: ModuleVersionRecord): boolean =>
  isDeepStrictEqual(
    [draft.code, draft.dependencies, draft.secrets],
    [version.code, version.dependencies, version.secrets],
  );

async function rollBack(call: Call): Promise<Reply> {
  const { module_version_id: versionId } = call.body as { readonly module_version_id: string };
  await call.directory.actions.beginChange();
  const module = await getModule(call);
  const version = await call.directory.actionModules.findVersion(module.id, versionId);
  if (version === undefined) throw noModuleVersion();
  if (isSame(module, version)) throw conflict('The specified version is already the current draft version.');
  const after = await call.directory.actionModules.rollBack(module.id, versionId, call.now);
  if (after === undefined) throw noModuleVersion();
  return { body: MODULE.show(after) };
}

/** Returns the operations on the draft of a module. */
function draftOperations(deps: ManagementDeps, item: string): Operation[] {
  return [
    {
      method: 'get',
      path: item,
      summary: 'Get an action module',
      reply: MODULE.schema,
      refusals: [404],
      run: async (call) => ({ body: MODULE.show(await getModule(call)) }),
    },
    {
      method: 'patch',
      path: item,
      summary: 'Update an action module',
      reply: MODULE.schema,
      refusals: [404, 409],
      run: (call) => update(deps, call),
    },
    {
      method: 'delete',
      path: item,
      summary: 'Delete an action module',
      refusals: [404, 412],
      run: remove,
    },
    {
      method: 'post',
      path: `${item}/rollback`,
      summary: 'Roll an action module back',
      reply: MODULE.schema,
      refusals: [404, 409],
      run: rollBack,
    },
  ];
}

/** Returns the operations on `/actions/modules`, except versions. */
export function actionModuleOperations(deps: ManagementDeps): Operation[] {
  const item = '/actions/modules/{id}';
  return [
    {
      method: 'get',
      path: '/actions/modules',
      summary: 'List action modules',
      reply: MODULE.schema,
      list: { key: 'modules', checkpoint: false, form: 'paged', totals: 'with-zeros' },
      async run(call) {
        const page = await call.directory.actionModules.list(call.paging.request);
        return { page: { ...page, items: page.items.map(LISTED_MODULE.show) } };
      },
    },
    {
      method: 'post',
      path: '/actions/modules',
      summary: 'Create an action module',
      status: 201,
      reply: MODULE.schema,
      refusals: [409],
      run: (call) => create(deps, call),
    },
    ...draftOperations(deps, item),
    {
      method: 'get',
      path: `${item}/actions`,
      summary: 'List the actions that use an action module',
      reply: MODULE_USE.schema,
      list: { key: 'actions', checkpoint: false, form: 'paged' },
      refusals: [404],
      async run(call) {
        const { id } = await getModule(call);
        const page = await call.directory.actionModules.listUses(id, call.paging.request);
        return { page: { ...page, items: page.items.map(MODULE_USE.show) } };
      },
    },
  ];
}
