/** The second factor of operators is a setting of their organization. Only owners change it, and it does not depend on the factors of the tenant. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, startInstance } from '../support/instance.js';
import { type CallAs, createMachine } from '../support/machines.js';
import { createOperatorRig, type OperatorRig, type SignedIn } from '../support/operators.js';

let instance: Instance;
let rig: OperatorRig;
let owner: SignedIn;
let few: CallAs;
beforeAll(async () => {
  instance = await startInstance();
  rig = await createOperatorRig(instance);
  owner = await rig.join('olga@vestibule.example', 'owner');
  const scopes = ['update:organizations', 'update:mfa_policies', 'update:guardian_factors', 'read:organizations'];
  few = (await createMachine(instance, 'Customers', scopes)).call;
});
afterAll(() => instance.stop());

const path = () => `/organizations/${rig.rows.organizationId}`;
const mfa = async () => (await owner.call('GET', path())).body?.mfa;

test('an owner requires one; the attack of a client that may change organizations and policies is refused', async () => {
  // The operators have factors of their own: the tenant has switched on none.
  expect((await owner.call('PATCH', path(), { mfa: 'required' })).status).toBe(200);
  for (const body of [{ mfa: 'none' }, { mfa_factors: ['webauthn-roaming'] }])
    expect((await few('PATCH', path(), body)).status, JSON.stringify(body)).toBe(403);
  // And the tenant switches its own on and off as it likes.
  for (const enabled of [true, false])
    expect((await few('PUT', '/guardian/factors/otp', { enabled })).status).toBe(200);
  expect((await few('PUT', '/guardian/factors/recovery-code', { enabled: true })).status).toBe(200);
  expect(await mfa()).toBe('required');
});

test.each(['support', 'viewer'] as const)('%s reads the setting and cannot change it', async (role) => {
  await owner.call('PATCH', path(), { mfa: 'none' });
  const { call } = await rig.join(`${role}@vestibule.example`, role);
  await owner.call('PATCH', path(), { mfa: 'required' });
  expect((await call('GET', path())).body).toMatchObject({ mfa: 'required' });
  expect((await call('PATCH', path(), { mfa: 'none' })).status).toBe(403);
  expect(await mfa()).toBe('required');
});
