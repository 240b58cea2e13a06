/**
 * Attack: a machine that was given to one customer rules the whole tenant, since the Management API changes everything that a scope names and
 * looks at no organization.
 */
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { createSigningKeyStore } from '../../src/storage/secrets/signing-key-store.js';
import { createTokenIssuer } from '../../src/tokens/issuer.js';
import { openKeyRing } from '../../src/tokens/signing-keys.js';
import type { Json } from '../support/instance.js';
import { callWith, createMachine, type Machine } from '../support/machines.js';
import { createOperatorRig, type OperatorRig, type SignedIn } from '../support/operators.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const audience = () => `${stage.instance.origin}/api/v2/`;
const api = <T = Json>(method: string, path: string, body?: unknown) => stage.instance.api<T>(method, path, body);

let rig: OperatorRig;
let owner: SignedIn;
let machine: Machine;
beforeAll(async () => {
  rig = await createOperatorRig(stage.instance);
  owner = await rig.join('olga@vestibule.example');
  machine = await createMachine(stage.instance, 'Of Acme', ['read:users', 'delete:users']);
});

const askFor = async (client: { id: string; secret: string }, more: Record<string, string> = {}) => {
  const response = await fetch(`${stage.instance.origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret },
      ...{ audience: audience(), ...more },
    }),
  });
  return { status: response.status, body: (await response.json()) as Json };
};

describe('grants', () => {
  const ways: readonly Json[] = [
    { organization_usage: 'require' },
    { organization_usage: 'allow' },
    { organization_usage: 'require', allow_any_organization: true },
    { allow_any_organization: true },
  ];

  test.each(ways)('of the Management API are for no organization: %j', async (settings) => {
    const client = await api('POST', '/clients', { name: 'Fresh', app_type: 'non_interactive' });
    const body = { client_id: client.client_id, audience: audience(), scope: ['read:users'] };
    const refused = await owner.call('POST', '/client-grants', { ...body, ...settings });
    expect(refused).toMatchObject({ status: 400, body: { errorCode: 'operation_not_supported' } });
    expect(refused.body.message).toContain('its grants are for no organization');
    expect(await owner.call('PATCH', `/client-grants/${machine.grantId}`, settings)).toMatchObject({ status: 400 });
    expect((await owner.call('POST', '/client-grants', { ...body, organization_usage: 'deny' })).status).toBe(201);
  });

  test('of the Management API are given to no organization; those of other APIs are', async () => {
    const path = `/organizations/${stage.cast.acme.id}/client-grants`;
    expect((await owner.call('POST', path, { grant_id: machine.grantId })).status).toBe(400);
    await api('POST', '/resource-servers', {
      identifier: 'urn:notes',
      name: 'Notes',
      scopes: [{ value: 'read:notes' }],
    });
    const grant = await api('POST', '/client-grants', {
      ...{ client_id: machine.id, audience: 'urn:notes', scope: ['read:notes'], organization_usage: 'require' },
    });
    expect((await owner.call('POST', path, { grant_id: grant.id })).status).toBe(201);
    const { body } = await askFor(machine, { audience: 'urn:notes', organization: stage.cast.acme.id });
    expect(decodeJwt(String(body.access_token)).org_id).toBe(stage.cast.acme.id);
  });
});

describe('a grant that was made before', () => {
  /** As a database may have it. */
  const set = (usage: string) =>
    stage.instance.database.pool.query(
      'update client_grants set organization_usage = $1, allow_any_organization = true where id = $2',
      [usage, machine.grantId],
    );

  test('gives no token of an organization, by name or by the default of the client', async () => {
    const { id } = stage.cast.acme;
    await set('require');
    for (const asked of [{ organization: id }, {} as Record<string, string>]) {
      const refused = await askFor(machine, asked);
      expect([refused.status, refused.body.error]).toEqual([403, 'access_denied']);
      expect(refused.body.error_description).toContain('takes no tokens of an organization');
    }
    await set('allow');
    expect((await askFor(machine, { organization: id })).status).toBe(403);
    expect((await askFor(machine)).status, 'without one it is what it was').toBe(200);
    await api('PATCH', `/clients/${machine.id}`, {
      default_organization: { organization_id: id, flows: ['client_credentials'] },
    });
    expect((await askFor(machine)).status).toBe(403);
    await set('deny');
    expect((await askFor(machine)).status, 'a grant that denies organizations has no default').toBe(200);
  });

  test('and a token with org_id opens no operation, whatever the grant says: this server once gave such tokens', async () => {
    await set('deny');
    const { pool } = stage.instance.database;
    const rows = createSecretBox(Buffer.alloc(32, 7), 'rows', systemEntropy);
    const ring = await openKeyRing(createSigningKeyStore(pool, rows), systemClock, systemEntropy);
    const { origin } = stage.instance;
    const issuer = createTokenIssuer({
      origin,
      ring,
      box: createSecretBox(Buffer.alloc(32, 4), 'access-tokens', systemEntropy),
      clock: systemClock,
      entropy: systemEntropy,
    });
    const callAs = async (organization: string | undefined) => {
      const token = await issuer.issueAccessToken({
        ...{ clientId: machine.id, userId: undefined, audience: audience(), scope: 'read:users delete:users' },
        ...{ lifetimeSeconds: 60, profile: 'auth0', permissions: undefined },
        organization: organization === undefined ? undefined : { id: organization, name: undefined },
      });
      return callWith(stage.instance, token);
    };
    const ours = await callAs(undefined);
    expect((await ours('GET', '/users')).status).toBe(200);
    for (const organization of [stage.cast.acme.id, rig.rows.organizationId]) {
      const call = await callAs(organization);
      for (const [method, path] of [
        ['GET', '/users'],
        ['GET', '/clients'],
        ['DELETE', `/users/${owner.userId}`],
      ] as const) {
        const { status, body } = await call(method, path);
        expect([status, body.errorCode], `${method} ${path}`).toEqual([403, 'insufficient_scope']);
        expect(body.message).toContain(`This token is of the organization ${organization}`);
      }
    }
  });
});

test('the token of an operator is of their organization, and of no other', async () => {
  expect(decodeJwt(owner.token).org_id).toBe(rig.rows.organizationId);
  expect((await owner.call('GET', '/users')).status).toBe(200);
});
