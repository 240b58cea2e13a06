/**
 * Sets an Action to work and takes it away again, and turns the two settings that decide what becomes of a refused stranger:
 * the tenant's order and auto-membership. Through the Management API alone. Actions and bindings of the reader's own stay.
 */
import type { Operator, Tenant } from '../operator.js';
import { type DemoAction, NAME_PREFIX, SECRET_NAMES } from './code.js';

export type Order = 'after_actions' | 'before_actions';

/** What the linter says in the answer to a deployment. */
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

/** The bindings that are not the demo's, as they have to be sent to be kept. */
async function readOthers(
  operator: Operator,
): Promise<{ ref: { type: string; value: string }; display_name: string }[]> {
  const { bindings } = await operator.call<{ bindings: Binding[] }>('GET', `${BINDINGS}?per_page=50`);
  return bindings
    .filter(({ action }) => !action.name.startsWith(NAME_PREFIX))
    .map(({ action, display_name }) => ({ ref: { type: 'action_id', value: action.id }, display_name }));
}

/** Unbinds and deletes the Actions of the demo. True when there were any. */
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

/** Deploys the Action and binds it behind the reader's own, in place of any other of the demo. Returns what deploying warned of. */
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
