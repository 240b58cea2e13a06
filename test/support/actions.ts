/** Sets Actions up as an administrator does, over the Management API. */
import { readFileSync } from 'node:fs';
import type { TriggerId } from '../../src/domain/actions/action.js';
import { TRIGGERS } from '../../src/domain/actions/action.js';
import { type Instance, type Json, MANAGEMENT_CLIENT } from './instance.js';

export interface NewAction {
  readonly name: string;
  readonly code: string;
  readonly trigger?: TriggerId;
  readonly dependencies?: readonly { readonly name: string; readonly version: string }[];
  readonly secrets?: Readonly<Record<string, string>>;
  /** Modules that it loads: those of `createModule`. */
  readonly modules?: readonly ModuleVersion[];
}

export interface ModuleVersion {
  readonly module_id: string;
  readonly module_version_id: string;
}

/** Creates and publishes a module for Actions. */
export async function createModule(
  { api }: Instance,
  module: { readonly name: string; readonly code: string; readonly secrets?: readonly Json[] },
): Promise<ModuleVersion> {
  const { id } = await api<{ id: string }>('POST', '/actions/modules', module);
  const version = await api<{ id: string }>('POST', `/actions/modules/${id}/versions`);
  return { module_id: id, module_version_id: version.id };
}

/** Creates and deploys an Action; returns its id. It runs only once it is bound. */
export async function deployAction({ api }: Instance, action: NewAction): Promise<string> {
  const { name, code, trigger = 'post-login', dependencies = [], secrets = {}, modules = [] } = action;
  const created = await api<{ id: string }>('POST', '/actions/actions', {
    name,
    code,
    supported_triggers: [{ id: trigger, version: TRIGGERS[trigger].version }],
    dependencies,
    modules,
    secrets: Object.entries(secrets).map(([secret, value]) => ({ name: secret, value })),
  });
  await api('POST', `/actions/actions/${created.id}/deploy`);
  return created.id;
}

/** Binds these Actions, in this order, and nothing else, to the trigger. */
export async function bindActions({ api }: Instance, trigger: TriggerId, ids: readonly string[]): Promise<void> {
  const bindings = ids.map((value) => ({ ref: { type: 'action_id', value }, display_name: value }));
  await api('PATCH', `/actions/triggers/${trigger}/bindings`, { bindings });
}

/** Deploys the Actions and binds them alone to their trigger; returns what takes them away. */
export async function useActions(
  instance: Instance,
  trigger: TriggerId,
  ...actions: readonly Omit<NewAction, 'trigger'>[]
): Promise<() => Promise<void>> {
  const ids: string[] = [];
  for (const action of actions) ids.push(await deployAction(instance, { ...action, trigger }));
  await bindActions(instance, trigger, ids);
  return async () => {
    await bindActions(instance, trigger, []);
    for (const id of ids) await instance.api('DELETE', `/actions/actions/${id}`);
  };
}

/** The code of an example. */
export function exampleAction(file: string): string {
  return readFileSync(new URL(`../../examples/actions/${file}`, import.meta.url), 'utf8');
}

/** Secrets with which an Action reaches the Management API of its own server. */
export function managementSecrets({ origin }: Instance): Record<string, string> {
  const { id, secret } = MANAGEMENT_CLIENT;
  return { domain: new URL(origin).host, clientId: id, clientSecret: secret };
}

/** The tenant's order of membership and Actions. */
export async function setOrder({ api }: Instance, order: 'after_actions' | 'before_actions'): Promise<void> {
  await api<Json>('PATCH', '/tenants/settings', { membership_evaluation: order });
}
