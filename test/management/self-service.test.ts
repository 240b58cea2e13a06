/** Self-service profiles and the tickets with which a customer's administrator sets up their sign-in. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
let profile: string;

beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  profile = (await api.post('/self-service-profiles', { name: 'customers' })).body.id as string;
});
afterAll(() => api.close());

describe('profiles', () => {
  test('case=create-get-update-delete', async () => {
    const created = await api.post('/self-service-profiles', {
      name: 'enterprise',
      description: 'For customers of the plan Enterprise',
      allowed_strategies: ['okta', 'samlp'],
      branding: { logo_url: 'https://x.example/l.png', colors: { primary: '#336699' } },
      user_attributes: [{ name: 'email', description: 'Work address', is_optional: false }],
    });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      id: expect.stringMatching(/^ssp_[A-Za-z0-9]{16}$/),
      allowed_strategies: ['okta', 'samlp'],
      branding: { logo_url: 'https://x.example/l.png', colors: { primary: '#336699' } },
      user_attributes: [{ name: 'email', description: 'Work address', is_optional: false }],
    });
    const path = `/self-service-profiles/${created.body.id}`;
    expect((await api.get(path)).body).toEqual(created.body);
    const changed = await api.patch(path, { description: null, branding: null, user_attributes: null });
    expect(changed.body).toMatchObject({ name: 'enterprise', user_attributes: [] });
    expect(changed.body).not.toHaveProperty('branding');
    expect(changed.body).not.toHaveProperty('description');
    const all = await api.get('/self-service-profiles?include_totals=true');
    expect(all.body.self_service_profiles.map(({ id }: { id: string }) => id)).toContain(created.body.id);
    expect((await api.delete(path)).status).toBe(204);
    expect((await api.get(path)).status).toBe(404);
  });

  test('case=a-profile-for-all-strategies-can-be-sent-as-it-is-shown', async () => {
    const { id, created_at, updated_at, ...shown } = (await api.post('/self-service-profiles', { name: 'all' })).body;
    expect(shown).not.toHaveProperty('allowed_strategies');
    expect((await api.patch(`/self-service-profiles/${id}`, shown)).body).toMatchObject(shown);
    await api.delete(`/self-service-profiles/${id}`);
  });

  test.each([
    [{ name: '' }, 'name'],
    [{ name: 'x', allowed_strategies: ['github'] }, 'allowed_strategies'],
    [{ name: 'x', branding: { logo_url: 'http://x.example/l.png' } }, 'logo_url'],
    [{ name: 'x', user_attribute_profile_id: 'uap_1' }, 'user_attribute_profile_id'],
  ])('case=%j is refused', async (body, named) => {
    const answer = await api.post('/self-service-profiles', body);
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining(named)]);
  });
});

describe('tickets', () => {
  const ticketsOf = (id: string) => `/self-service-profiles/${id}/sso-ticket`;
  const wanted = (changes: Record<string, unknown> = {}) => ({
    connection_config: { name: 'acme-own', display_name: 'Acme' },
    enabled_organizations: [{ organization_id: cast.organization }],
    ...changes,
  });

  test('the link carries a secret that is nowhere else', async () => {
    const { status, body } = await api.post(ticketsOf(profile), wanted());
    expect(status).toBe(201);
    const [, id, secret = ''] = /connections-flow\?ticket=(sst_\w{16})\.([\w-]{43})$/.exec(body.ticket) ?? [];
    expect(id).toBeDefined();
    const { body: lines } = await api.get('/logs?per_page=20');
    expect(JSON.stringify(lines)).toContain(id);
    expect(JSON.stringify(lines)).not.toContain(secret);
    expect((await api.post(`${ticketsOf(profile)}/${id}/revoke`, {})).status).toBe(202);
    expect((await api.post(`${ticketsOf('ssp_another')}/${id}/revoke`, {})).status).toBe(404);
  });

  test.each([
    ['no organization', { enabled_organizations: [] }, 400, 'exactly one organization'],
    [
      'an organization that does not exist',
      { enabled_organizations: [{ organization_id: `org_${'x'.repeat(16)}` }] },
      404,
      'organization',
    ],
    ['no name', { connection_config: undefined }, 400, 'connection_config.name'],
    [
      'a domain of public mail',
      { domain_aliases_config: { domain_verification: 'required', pending_domains: ['gmail.com'] } },
      400,
      'gmail.com',
    ],
    [
      'no domain',
      { domain_aliases_config: { domain_verification: 'required', pending_domains: ['acme'] } },
      400,
      'not a domain',
    ],
    ['an unknown client', { enabled_clients: ['nobody'] }, 400, 'nobody'],
    ['an unknown connection', { connection_id: `con_${'x'.repeat(16)}` }, 404, 'does not exist'],
    ['too long', { ttl_sec: 432_001 }, 400, 'ttl_sec'],
    ['a role that does not exist', { provisioning_config: { assignable_roles: ['nobodys'] } }, 400, 'nobodys'],
    ['a token for too short', { provisioning_config: { token_lifetime: 899 } }, 400, 'token_lifetime'],
    ['a token without end', { provisioning_config: { token_lifetime: 946_080_001 } }, 400, 'token_lifetime'],
    ['Google’s people', { provisioning_config: { google_workspace: { sync_users: true } } }, 400, 'google_workspace'],
  ] as const)('case=%s', async (_case, changes, status, named) => {
    const answer = await api.post(ticketsOf(profile), wanted(changes));
    expect([answer.status, answer.body.message]).toEqual([status, expect.stringContaining(named)]);
  });

  test('roles for groups are given on by nobody who may not give them', async () => {
    await api.post('/roles', { name: 'of-tickets' });
    const body = wanted({ provisioning_config: { assignable_roles: ['of-tickets'] } });
    const scopes = ['create.sso_access_tickets', 'create.organization_group_roles', 'delete.organization_group_roles'];
    // For the connection, the organization and the directory's token (power-in-a-body.test.ts).
    const others = ['create.connections', 'create.organization_connections', 'create.scim_token'];
    for (const held of [scopes.slice(0, 1), scopes.slice(0, 2), [scopes[0], scopes[2]]]) {
      const refused = await api.post(ticketsOf(profile), body, [...held, ...others].join('+'));
      expect([refused.status, refused.body.errorCode]).toEqual([403, 'insufficient_scope']);
    }
    expect((await api.post(ticketsOf(profile), body, [...scopes, ...others].join('+'))).status).toBe(201);
  });

  test('a name that is taken, and a connection that another customer uses too', async () => {
    const { name } = (await api.get(`/connections/${cast.oidcConnection}`)).body;
    expect((await api.post(ticketsOf(profile), wanted({ connection_config: { name } }))).status).toBe(409);
    const beta = (await api.post('/organizations', { name: 'beta-of-tickets' })).body.id;
    const theirs = { connection_id: cast.oidcConnection, enabled_organizations: [{ organization_id: beta }] };
    const answer = await api.post(ticketsOf(profile), theirs);
    expect([answer.status, answer.body.message]).toEqual([409, expect.stringContaining('Another organization')]);
  });
});
