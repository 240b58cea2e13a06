/**
 * The unmodified `auth0` SDK 3 deploys an Action: it sends a body where none is due. Run as a process of its own; prints one
 * JSON line: name and result of every step.
 */
import { ManagementClient } from 'auth0-v3';
import { createRecorder, expectEqual } from './recorder.js';

const [, , domain = '', clientId = '', clientSecret = ''] = process.argv;
const { step, print } = createRecorder();
const { actions } = new ManagementClient({ domain, clientId, clientSecret });

const action = await step('actions.create', () =>
  actions.create({
    name: 'a',
    code: 'exports.onExecutePostLogin = async (event, api) => {};',
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
  }),
);
const { id } = action;
await step('actions.deploy', async () => {
  expectEqual((await actions.deploy({ id })).deployed, true);
});
await step('actions.updateTriggerBindings', () =>
  actions.updateTriggerBindings(
    { trigger_id: 'post-login' },
    { bindings: [{ ref: { type: 'action_name', value: 'a' }, display_name: 'a' }] },
  ),
);
await step('actions.getAll', async () => {
  expectEqual((await actions.getAll()).actions.length, 1);
});
await step('actions.delete', () => actions.delete({ id, force: true }));
print();
