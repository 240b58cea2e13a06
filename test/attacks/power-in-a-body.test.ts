/**
 * Attack: somebody whose right is for something small sends a body that gives more: an operator of support, who may invite, invites themselves with
 * the role of a customer's administrator. Every property of every body is in a table (test/management/body-powers.test.ts); here are the attacks that
 * were played.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../support/instance.js';
import { createMachine } from '../support/machines.js';
import { createOperatorRig, type SignedIn } from '../support/operators.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const api = <T = Json>(method: string, path: string, body?: unknown) => stage.instance.api<T>(method, path, body);

let support: SignedIn;
let owner: SignedIn;
let admin: string;
beforeAll(async () => {
  const rig = await createOperatorRig(stage.instance);
  owner = await rig.join('olga@vestibule.example');
  support = await rig.join('sue@vestibule.example', 'support');
  admin = String((await api('POST', '/roles', { name: 'admin', description: 'Administrators' })).id);
});

const path = () => `/organizations/${stage.cast.acme.id}/invitations`;
const invitation = (more: object = {}) => ({
  ...{ inviter: { name: 'Sue' }, invitee: { email: 'sue@elsewhere.example' }, client_id: stage.cast.client.id },
  ...{ send_invitation_email: false, ...more },
});
const waiting = async () => (await api<readonly unknown[]>('GET', path())).length;

describe('an invitation', () => {
  test('by support carries no role and no metadata of the application; without them it goes out', async () => {
    const before = await waiting();
    for (const [property, more] of [
      ['roles', { roles: [admin] }],
      ['app_metadata', { app_metadata: { is_admin: true } }],
    ] as const) {
      const refused = await support.call('POST', path(), invitation(more));
      expect([refused.status, refused.body.errorCode]).toEqual([403, 'insufficient_scope']);
      expect(refused.body.message).toContain(`Sending the "${property}" property requires`);
    }
    expect(await waiting(), 'nothing was made').toBe(before);
    for (const more of [{}, { user_metadata: { language: 'de' } }])
      expect((await support.call('POST', path(), invitation(more))).status).toBe(201);
  });

  test('by whoever may give the roles of members carries them', async () => {
    const made = await owner.call('POST', path(), invitation({ roles: [admin], app_metadata: { plan: 'gold' } }));
    expect(made).toMatchObject({ status: 201, body: { roles: [admin] } });
    const scopes = ['create:organization_invitations', 'create:organization_member_roles'];
    const both = await createMachine(stage.instance, 'Invites with roles', scopes);
    expect((await both.call('POST', path(), invitation({ roles: [admin] }))).status).toBe(201);
    const one = await createMachine(stage.instance, 'Invites', scopes.slice(0, 1));
    expect((await one.call('POST', path(), invitation({ roles: [admin] }))).status).toBe(403);
  });
});

test('a set-up link is made by those who may do what it does', async () => {
  const { id } = await api('POST', '/self-service-profiles', { name: 'Customers' });
  const body = {
    connection_config: { name: 'of-mallory' },
    enabled_organizations: [{ organization_id: stage.cast.acme.id, assign_membership_on_login: true }],
  };
  const scopes = ['create:sso_access_tickets', 'create:connections', 'create:organization_connections'];
  const make = async (held: readonly string[], more: object = {}) =>
    (await createMachine(stage.instance, `Links ${held.length}`, held)).call(
      'POST',
      `/self-service-profiles/${id}/sso-ticket`,
      { ...body, ...more },
    );
  for (const held of [scopes.slice(0, 1), scopes.slice(0, 2), [...scopes.slice(0, 1), ...scopes.slice(2)]])
    expect(await make(held)).toMatchObject({ status: 403, body: { errorCode: 'insufficient_scope' } });
  expect((await make(scopes)).status).toBe(201);
  const provisioning = { enabled_features: { provisioning: true }, connection_config: { name: 'of-mallory-2' } };
  expect((await make(scopes, provisioning)).status).toBe(403);
  expect((await make([...scopes, 'create:scim_token'], provisioning)).status).toBe(201);
});
