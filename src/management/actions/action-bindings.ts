/** `/actions/triggers` and their bindings. A binding puts a deployed Action into the order of a trigger. */
import { isTriggerId, TRIGGERS, type TriggerId } from '../../domain/actions/action.js';
import { newUuid } from '../../kernel/ids.js';
import type { ActionRecord, BindingRecord, NewBinding } from '../../ports/directory/actions.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, notSupported } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf, replyOf } from '../api/wire.js';
import { LIMITS, parseTrigger } from './action-body.js';
import { endChange } from './action-deploy.js';
import { BINDING, TRIGGER_OFFERED } from './action-wire.js';

interface BindingBody {
  readonly ref: { readonly type?: string; readonly value?: unknown };
  readonly display_name?: string;
  readonly secrets?: readonly unknown[];
}

async function findReferred(
  call: Call,
  ref: BindingBody['ref'],
  before: readonly BindingRecord[],
): Promise<ActionRecord | undefined> {
  if (typeof ref.value !== 'string' || ref.value === '') throw badBody('The ref of a binding has a value.');
  const value = ref.value;
  if (ref.type === 'binding_id') return before.find((binding) => binding.id === value)?.action;
  if (ref.type === 'action_id') return call.directory.actions.find(value);
  // A reference without a type is treated as a name: that is the default in Auth0's document.
  return call.directory.actions.findByName(value);
}

/** Returns the Action that a reference names. Throws Auth0's 400 when it cannot be bound to this trigger. */
async function getBindable(
  call: Call,
  trigger: TriggerId,
  ref: BindingBody['ref'],
  before: readonly BindingRecord[],
): Promise<ActionRecord> {
  const action = await findReferred(call, ref, before);
  if (action === undefined) throw badBody('Trying to create a binding for an action that does not exist.');
  if (action.trigger !== trigger)
    throw badBody('Trying to create a binding between an incompatible action and trigger.');
  if (action.deployed === undefined)
    throw badBody('Trying to create a binding for an action that has not been deployed yet.');
  // Checks the deployed version, which runs: the draft may be for another trigger by now.
  if (action.deployed.trigger !== trigger)
    throw badBody('Trying to create a binding between an incompatible action and trigger.');
  return action;
}

function checkBinding(binding: BindingBody): void {
  if (binding.secrets !== undefined && binding.secrets.length > 0)
    throw notSupported('Secrets belong to the action: those of a binding are not supported.');
  const { display_name } = binding;
  if (display_name !== undefined && (display_name === '' || display_name.length > LIMITS.name))
    throw badBody(`The display_name of a binding has 1 to ${LIMITS.name} characters.`);
}

/**
 * Returns the new bindings in the order of the request. An Action that was bound before keeps the id of its binding.
 */
async function toBindings(
  deps: Pick<ManagementDeps, 'entropy'>,
  call: Call,
  trigger: TriggerId,
  wanted: readonly BindingBody[],
): Promise<readonly NewBinding[]> {
  const { items: before } = await call.directory.actions.listBindings(trigger, { limit: LIMITS.bindings });
  const left = [...before];
  const bindings: NewBinding[] = [];
  for (const binding of wanted) {
    checkBinding(binding);
    const action = await getBindable(call, trigger, binding.ref, before);
    const index = left.findIndex((other) => other.action.id === action.id);
    const [known] = index < 0 ? [] : left.splice(index, 1);
    const displayName = binding.display_name ?? known?.displayName ?? action.name;
    const id = known?.id ?? newUuid(deps.entropy);
    const createdAt = known?.createdAt ?? call.now;
    bindings.push({ id, trigger, actionId: action.id, displayName, createdAt, updatedAt: call.now });
  }
  return bindings;
}

async function replace(deps: Pick<ManagementDeps, 'entropy'>, call: Call): Promise<Reply> {
  const { bindings: wanted } = call.body as { readonly bindings?: readonly BindingBody[] };
  // Refuses an empty body: it must not unbind the Actions that protect the login.
  if (wanted === undefined) throw badBody("Payload validation error: 'Missing required property: bindings'.");
  const id = call.params.triggerId ?? '';
  if (wanted.length === 0 && !isTriggerId(id)) return { body: { bindings: [] } };
  const trigger = parseTrigger(id);
  if (wanted.length > LIMITS.bindings) throw badBody(`A trigger has at most ${LIMITS.bindings} actions bound to it.`);
  const { actions } = call.directory;
  await actions.beginChange();
  await actions.replaceBindings(trigger, await toBindings(deps, call, trigger, wanted));
  await endChange(deps, call);
  const { items } = await actions.listBindings(trigger, { limit: LIMITS.bindings });
  return { body: { bindings: items.map(BINDING.show) } };
}

/** Returns the operations on `/actions/triggers`. */
export function actionBindingOperations(deps: Pick<ManagementDeps, 'entropy'>): Operation[] {
  const path = '/actions/triggers/{triggerId}/bindings';
  return [
    {
      method: 'get',
      path: '/actions/triggers',
      summary: 'List triggers',
      reply: replyOf({ triggers: listOf(TRIGGER_OFFERED.schema) }),
      run: async () => ({ body: { triggers: Object.keys(TRIGGERS).filter(isTriggerId).map(TRIGGER_OFFERED.show) } }),
    },
    {
      method: 'get',
      path,
      summary: "List a trigger's bindings",
      reply: BINDING.schema,
      list: { key: 'bindings', checkpoint: false, form: 'paged' },
      async run(call) {
        const page = await call.directory.actions.listBindings(call.params.triggerId ?? '', call.paging.request);
        return { page: { ...page, items: page.items.map(BINDING.show) } };
      },
    },
    {
      method: 'patch',
      path,
      summary: "Replace a trigger's bindings",
      reply: replyOf({ bindings: listOf(BINDING.schema) }),
      run: (call) => replace(deps, call),
    },
  ];
}
