/** Plans the changes of `guard install` from the state that was read. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { InstallGround, InstallOrder, PresentAction } from './install-ground.js';
import {
  ACTION_DEPENDENCIES,
  ACTION_NAME,
  ACTION_RUNTIME,
  ACTION_SECRETS,
  DEFAULT_TEXTS,
  type GuardSettings,
  MARK_ROLE,
  withPlace,
  writeAction,
} from './settings.js';

/** One change of the tenant, with a sentence that describes it. */
export interface Step {
  readonly kind: 'role' | 'action' | 'deploy' | 'mark' | 'bind' | 'setting';
  readonly text: string;
}

/** Returns the settings for the Action, once the role has an id. */
export function wantedSettings(ground: InstallGround, order: InstallOrder, roleId: string): GuardSettings {
  const before = ground.action?.settings;
  const place = {
    id: ground.organization.id,
    name: ground.organization.name,
    connections: ground.connections.map(({ id }) => id).sort(),
    domains: [...new Set(order.domains.map((domain) => domain.toLowerCase()))].sort(),
  };
  return {
    organizations: withPlace(before?.organizations ?? [], place),
    role: roleId,
    since: before?.since ?? order.now.toISOString(),
    texts: { ...(before?.texts ?? DEFAULT_TEXTS), ...order.texts },
  };
}

/**
 * True if the Action has this code, runtime and dependencies. The values of its secrets cannot be read and are not
 * compared.
 */
export function isCurrent(action: PresentAction, code: string): boolean {
  const dependencies = action.dependencies.map(({ name, version }) => ({ name, version }));
  return (
    action.code === code &&
    action.runtime === ACTION_RUNTIME &&
    isDeepStrictEqual(dependencies, [...ACTION_DEPENDENCIES]) &&
    ACTION_SECRETS.every((name) => action.secretNames.includes(name))
  );
}

/** Plans the changes of the installation in order: auto-membership is switched on only after the Action guards it. */
export function planInstall(ground: InstallGround, order: InstallOrder): readonly Step[] {
  const { action, roleId, bindings, organization } = ground;
  const steps: Step[] = [];
  if (roleId === undefined) {
    steps.push({ kind: 'role', text: `create the role ${JSON.stringify(MARK_ROLE.name)}, without permissions` });
  }
  const code = roleId === undefined ? undefined : writeAction(wantedSettings(ground, order, roleId));
  const keeps = action !== undefined && code !== undefined && isCurrent(action, code) && !order.renewSecrets;
  if (!keeps) {
    const verb = action === undefined ? 'create' : 'update';
    steps.push({ kind: 'action', text: `${verb} the Action ${JSON.stringify(ACTION_NAME)} with three secrets` });
  }
  if (!keeps || !action.isDeployed) steps.push({ kind: 'deploy', text: 'deploy the Action' });
  if (ground.willMark) {
    const count = ground.unmarked.length;
    const text =
      count === 0
        ? `mark the members of ${organization.name}: all have a role`
        : `mark those of the ${count} members of ${organization.name} without a role whom no earlier login left as strangers`;
    steps.push({ kind: 'mark', text });
  }
  if (action === undefined || bindings[0]?.actionId !== action.id) {
    const others = bindings.filter((binding) => binding.actionId !== action?.id).length;
    steps.push({
      kind: 'bind',
      text: `bind it first in post-login, before ${others} other Actions, whose order stays`,
    });
  }
  if (order.autoMembership) {
    for (const connection of ground.connections.filter((one) => !one.autoMembership)) {
      steps.push({ kind: 'setting', text: `switch auto-membership on: ${connection.name} in ${organization.name}` });
    }
  }
  return steps;
}
