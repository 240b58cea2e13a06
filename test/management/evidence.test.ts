/** Our additions for operators: who vouched for whom, which organizations use a connection, and whether its provider answers now. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
});
afterAll(() => api.close());

const query = async (text: string, values: unknown[] = []) => (await api.database.pool.query(text, values)).rows;
const createUser = async (email: string): Promise<string> =>
  (
    await api.post('/users', {
      email,
      email_verified: true,
      password: 'Correct-horse-9',
      connection: 'Username-Password',
    })
  ).body.user_id;

describe('GET /users/{id}/evidence', () => {
  test('tells the voucher, and how each identity was bound', async () => {
    const userId = await createUser('eve@acme.example');
    await query(
      `insert into identities (user_id, id, connection_id, status, issuer, subject, bound_by, evidence, profile, email_vouched_by,
         created_at, bound_at)
       values ($1, 'ide_eve', $2, 'bound', 'https://idp.example', 'eve-at-idp', 'login:invitation', '{"invitation": "uinv_1"}',
         '{"email": "eve@acme.example", "phone": "a claim"}', 'idp', now(), '2026-11-01T10:00:00Z')`,
      [userId, cast.oidcConnection],
    );
    const { status, body } = await api.get(`/users/${encodeURIComponent(userId)}/evidence`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ user_id: userId, email_vouched_by: 'operator', blocked_by_scim: false });
    expect(body.identities).toHaveLength(2);
    const [own, eve] = body.identities;
    expect(own).toMatchObject({ provider: 'auth0', status: 'bound', is_primary: true });
    expect(own.issuer).toBeUndefined();
    expect(eve).toMatchObject({
      connection_id: cast.oidcConnection,
      issuer: 'https://idp.example',
      subject: 'eve-at-idp',
      email: 'eve@acme.example',
      email_vouched_by: 'idp',
      bound_by: 'login:invitation',
      bound_at: '2026-11-01T10:00:00.000Z',
      evidence: { invitation: 'uinv_1' },
    });
    expect(JSON.stringify(body)).not.toContain('a claim');
  });

  test('of nobody is a 404', async () => {
    expect((await api.get('/users/auth0%7Cnobody/evidence')).status).toBe(404);
  });
});

describe('GET /connections/{id}/organizations', () => {
  test('gives each organization once, page by page, switched off or not', async () => {
    const { id: connection } = (
      await api.post('/connections', { name: 'shared', strategy: 'oidc', options: { type: 'back_channel' } })
    ).body;
    const names = ['one', 'two', 'three'];
    for (const name of names) {
      const { id } = (await api.post('/organizations', { name })).body;
      await api.post(`/organizations/${id}/enabled_connections`, { connection_id: connection });
      if (name === 'two')
        await query(`update organization_connections set is_enabled = false where organization_id = $1`, [id]);
    }
    const path = `/connections/${connection}/organizations`;
    const first = (await api.get(`${path}?take=2`)).body;
    expect(first.organizations).toMatchObject([
      { name: 'one', is_enabled: true },
      { name: 'two', is_enabled: false },
    ]);
    const second = (await api.get(`${path}?take=2&from=${encodeURIComponent(first.next)}`)).body;
    expect(second.organizations).toMatchObject([{ name: 'three' }]);
    expect(second.next).toBeUndefined();
    expect((await api.get(`${path}?include_totals=true&per_page=1`)).body.total).toBe(3);
    expect((await api.get('/connections/con_0000000000000000/organizations')).status).toBe(404);
  });
});

describe('POST /connections/{id}/examine', () => {
  const path = () => `/connections/${cast.oidcConnection}/examine`;

  test('tells what the provider answers, also where that contradicts the options', async () => {
    api.examine(async () => ({ ok: true, issuer: 'https://idp.example', endpoints: {}, signingKeys: 2 }));
    expect((await api.post(path())).body).toMatchObject({ status: 'ok', signing_keys: 2 });
    const failure = { ok: false, check: 'discovery.issuer', detail: 'another issuer' } as const;
    api.examine(async () => ({ ...failure, reason: 'invalid' }));
    expect((await api.post(path())).body).toMatchObject({ status: 'wrong', message: 'another issuer' });
    api.examine(async () => ({ ...failure, reason: 'unreachable' }));
    expect((await api.post(path())).body).toMatchObject({ status: 'unreachable' });
  });

  test('says when no client secret is kept: after a change of the address the provider answers, and nobody gets in', async () => {
    api.examine(async () => ({ ok: true, issuer: 'https://idp.example', endpoints: {}, signingKeys: 2 }));
    const options = { client_id: 'app', client_secret: 'a-secret-of-the-company', issuer: 'https://idp.example' };
    const name = 'with-a-secret';
    const { body } = await api.post('/connections', { name, strategy: 'oidc', options });
    const own = `/connections/${String(body.id)}/examine`;
    expect((await api.post(own)).body).toMatchObject({ status: 'ok', has_client_secret: true });
    const { client_secret: _kept, ...rest } = options;
    await api.patch(`/connections/${String(body.id)}`, { options: { ...rest, issuer: 'https://login.idp.example' } });
    expect((await api.post(own)).body).toMatchObject({ status: 'ok', has_client_secret: false });
  });

  test('stops when somebody asks without end: an identity provider is not flooded', async () => {
    const statuses: number[] = [];
    for (let asked = 0; asked < 45; asked += 1) statuses.push((await api.post(path())).status);
    expect(statuses.at(-1)).toBe(429);
    expect(statuses).toContain(200);
  });

  test('writes no line in the log', async () => {
    expect(await query(`select 1 from logs where details->'request'->>'path' like '%examine%'`)).toEqual([]);
  });
});
