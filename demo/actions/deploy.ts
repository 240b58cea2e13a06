/**
 * Deploys and removes the demo's Actions, and changes the two settings that decide what a refused stranger leaves: the
 * tenant's order and auto-membership. Uses the Management API only. Never changes Actions and bindings that the reader
 * made.
 */
import type { Operator, Tenant } from '../operator.js';
import { type DemoAction, NAME_PREFIX, SECRET_NAMES } from './code.js';

export type Order = 'after_actions' | 'before_actions';

/** A finding of the linter in the answer to a deployment. */
export interface Warning {
  readonly id: string;
  readonly line: number;
  readonly message: string;
}

interface Binding {
  readonly display_name: string;
  readonly action: { readonly id: string; readonly name: string };
}

const BINDINGS = '/actions/triggers/post-login/bindings';

/** Returns the bindings that are not the demo's, in the form in which a request keeps them. */
async function readOthers(
  operator: Operator,
): Promise<{ ref: { type: string; value: string }; display_name: string }[]> {
  const { bindings } = await operator.call<{ bindings: Binding[] }>('GET', `${BINDINGS}?per_page=50`);
  return bindings
    .filter(({ action }) => !action.name.startsWith(NAME_PREFIX))
    .map(({ action, display_name }) => ({ ref: { type: 'action_id', value: action.id }, display_name }));
}

/** Unbinds and deletes the demo's Actions. Returns true if there were any. */
export async function takeActionsAway(operator: Operator): Promise<boolean> {
  const { actions } = await operator.call<{ actions: { id: string; name: string }[] }>(
    'GET',
    '/actions/actions?per_page=100',
  );
  const own = actions.filter(({ name }) => name.startsWith(NAME_PREFIX));
  if (own.length === 0) return false;
  await operator.call('PATCH', BINDINGS, { bindings: await readOthers(operator) });
  for (const { id } of own) await operator.call('DELETE', `/actions/actions/${id}`);
  return true;
}

/**
 * Deploys the Action and binds it after the reader's own, instead of any other Action of the demo. Returns the warnings
 * of the deployment.
 */
export async function useAction(operator: Operator, action: DemoAction): Promise<readonly Warning[]> {
  await takeActionsAway(operator);
  const { origin, client } = operator;
  const secrets = { domain: new URL(origin).host, clientId: client.id, clientSecret: client.secret };
  const made = await operator.call<{ id: string; warnings: Warning[] }>('POST', '/actions/actions', {
    ...action,
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
    secrets: action.dependencies.length > 0 ? SECRET_NAMES.map((name) => ({ name, value: secrets[name] })) : [],
    deploy: true,
  });
  const own = { ref: { type: 'action_id', value: made.id }, display_name: action.name };
  await operator.call('PATCH', BINDINGS, { bindings: [...(await readOthers(operator)), own] });
  return made.warnings;
}

/** The tenant's order of membership and Actions. */
export async function readOrder(operator: Operator): Promise<Order> {
  const settings = await operator.call<{ membership_evaluation: Order }>('GET', '/tenants/settings');
  return settings.membership_evaluation;
}

export async function setOrder(operator: Operator, order: Order): Promise<void> {
  await operator.call('PATCH', '/tenants/settings', { membership_evaluation: order });
}

/** Whether everybody whose address Acme's identity provider has verified becomes a member. */
export async function setAutoMembership(operator: Operator, tenant: Tenant, on: boolean): Promise<void> {
  const path = `/organizations/${tenant.acmeId}/enabled_connections/${tenant.acmeConnectionId}`;
  await operator.call('PATCH', path, { assign_membership_on_login: on });
}
