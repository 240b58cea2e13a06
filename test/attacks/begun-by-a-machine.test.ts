/**
 * Attack: a token of a machine has leaked, and the client's grant is taken away. A request that was let in before goes on slowly, and would
 * write itself the next grant after that.
 */
import { expect, test } from 'vitest';
import { holdWrite } from '../support/held-writes.js';
import type { Json } from '../support/instance.js';
import { createMachine } from '../support/machines.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const SCOPES = ['create:client_grants', 'read:users'];

test.each([
  ['gone', (grantId: string) => stage.instance.api('DELETE', `/client-grants/${grantId}`)],
  [
    'narrower',
    (grantId: string) => stage.instance.api('PATCH', `/client-grants/${grantId}`, { scope: ['read:users'] }),
  ],
])('a write of a machine whose grant is %s by then is not done', async (how, take) => {
  const { instance } = stage;
  const machine = await createMachine(instance, `Leaked, ${how}`, SCOPES);
  const other = await instance.api<Json>('POST', '/clients', { name: `Next, ${how}`, app_type: 'non_interactive' });
  const audience = `${instance.origin}/api/v2/`;
  const held = holdWrite(instance.server.pool, /^select "g"\."scopes" from "client_grants"/);
  try {
    const grant = { client_id: other.client_id, audience, scope: SCOPES };
    const written = machine.call('POST', '/client-grants', grant);
    await held.reached;
    await take(machine.grantId);
    held.release();
    const { status, body } = await written;
    expect([status, body.message]).toEqual([403, expect.stringContaining('on its way')]);
  } finally {
    held.restore();
  }
  expect(await instance.api<Json[]>('GET', `/client-grants?client_id=${other.client_id}`)).toEqual([]);
});
