/** Trying a condition of auto-membership before it is saved. Logins with one are in test/scenarios. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
});
afterAll(() => api.close());

const tried = async (body: Record<string, unknown>) =>
  (await api.post(`/organizations/${cast.organization}/explain/condition`, body)).body;

test('says whether it holds for the claims, and which address it saw', async () => {
  const condition = `email_domain == 'acme.example' && 'staff' in claims.groups`;
  const claims = { email: 'Nora@ACME.example', groups: ['staff'] };
  expect(await tried({ condition, claims })).toEqual({
    usable: true,
    holds: true,
    email: 'nora@acme.example',
    reads_groups: false,
  });
  expect(await tried({ condition, claims: { ...claims, groups: [] } })).toMatchObject({ usable: true, holds: false });
  expect(await tried({ condition, claims: { groups: ['staff'] } })).toMatchObject({ holds: false });
});

test('knows the groups of the directory that are typed in', async () => {
  const condition = `'Sales' in scim_groups`;
  expect(await tried({ condition, scim_groups: ['Sales'] })).toEqual({ usable: true, holds: true, reads_groups: true });
  expect(await tried({ condition })).toMatchObject({ holds: false });
});

test('says why an expression cannot be used, as it is typed', async () => {
  for (const condition of [`claims.groups.`, `email`, `email.matches('a')`]) {
    const { usable, error, holds } = await tried({ condition });
    expect([usable, typeof error, holds], condition).toEqual([false, 'string', undefined]);
  }
});
