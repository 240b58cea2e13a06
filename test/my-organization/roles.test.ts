/** The mark on a role that lets members of organizations give it (`assignable_by_organizations`). */
import { expect, test } from 'vitest';
import { createOperatorRig } from '../support/operators.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const api = (method: string, path: string, body?: unknown, status?: number) =>
  stage.instance.api(method, path, body, status);

test('is off at first, set, shown and reset', async () => {
  const role = await api('POST', '/roles', { name: 'plain' });
  expect(role).not.toHaveProperty('assignable_by_organizations');
  expect(await api('PATCH', `/roles/${role.id}`, { assignable_by_organizations: true })).toMatchObject({
    assignable_by_organizations: true,
  });
  expect(await api('PATCH', `/roles/${role.id}`, { description: 'x' })).toMatchObject({
    assignable_by_organizations: true,
  });
  await api('PATCH', `/roles/${role.id}`, { assignable_by_organizations: false });
  expect(await api('GET', `/roles/${role.id}`)).not.toHaveProperty('assignable_by_organizations');
  await api('PATCH', `/roles/${role.id}`, { assignable_by_organizations: 'yes' }, 400);
});

test('attack=a role of the operators is opened to members of customers', async () => {
  const rig = await createOperatorRig(stage.instance);
  for (const id of Object.values(rig.rows.roleIds)) {
    const answer = await api('PATCH', `/roles/${id}`, { assignable_by_organizations: true }, 400);
    expect(answer.message).toContain('operators');
  }
  const { rows } = await stage.instance.database.pool.query('select name from roles where assignable_by_organizations');
  expect(rows).toEqual([]);
});
