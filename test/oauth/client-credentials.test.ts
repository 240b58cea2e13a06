import { readFileSync } from 'node:fs';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { API, createFixture, type Fixture, ORIGIN, SECRET } from './fixture.js';

let at: Fixture;
beforeAll(async () => {
  at = await createFixture();
});
afterAll(() => at.stop());
beforeEach(() => {
  at.ledger.length = 0;
});

const ASK = { grant_type: 'client_credentials', client_id: 'machine', client_secret: SECRET, audience: API };
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
const encoded = encodeURIComponent(SECRET);

describe('client_credentials', () => {
  it('gives a machine its token, signed by a published key', async () => {
    const response = await at.post('/oauth/token', ASK);
    expect(response.statusCode).toBe(200);
    expect(response.headers['cache-control']).toBe('no-store');
    const body = response.json();
    expect(body).toEqual({
      access_token: expect.any(String),
      scope: 'read:things write:things',
      expires_in: 600,
      token_type: 'Bearer',
    });
    const keys = (await at.app.inject('/.well-known/jwks.json')).json();
    const { payload } = await jwtVerify(body.access_token, createLocalJWKSet(keys), {
      issuer: `${ORIGIN}/`,
      audience: API,
      currentDate: at.now(),
    });
    expect(payload).toMatchObject({ sub: 'machine@clients', azp: 'machine', gty: 'client-credentials', aud: API });
    expect(payload.org_id).toBeUndefined();
  });

  it('takes JSON and Basic, whose halves are form-urlencoded (RFC 6749 section 2.3.1)', async () => {
    const json = await at.app.inject({ method: 'POST', url: '/oauth/token', payload: ASK });
    expect(json.statusCode).toBe(200);
    const { client_secret: _, client_id: __, ...rest } = ASK;
    expect((await at.post('/oauth/token', rest, basic('machine', encoded))).statusCode).toBe(200);
    const raw = await at.post('/oauth/token', rest, basic('machine', SECRET));
    expect(raw.statusCode).toBe(401);
    expect(raw.headers['www-authenticate']).toMatch(/^Basic /);
  });

  it('narrows to the scopes asked for, and refuses more than the grant', async () => {
    expect((await at.post('/oauth/token', { ...ASK, scope: 'write:things' })).json().scope).toBe('write:things');
    const more = await at.post('/oauth/token', { ...ASK, scope: 'read:things delete:all' });
    expect([more.statusCode, more.json()]).toMatchObject([
      403,
      { error: 'access_denied', error_description: 'Client has not been granted scopes: delete:all' },
    ]);
  });

  const refusals: [string, Record<string, string>, number, string, RegExp][] = [
    ['wrong secret', { client_secret: `${SECRET}x` }, 401, 'access_denied', /^Unauthorized$/],
    ['no secret', { client_secret: '' }, 401, 'access_denied', /^Unauthorized$/],
    ['unknown client', { client_id: 'nobody' }, 401, 'access_denied', /^Unauthorized$/],
    ['public client with a secret', { client_id: 'spa' }, 401, 'access_denied', /^Unauthorized$/],
    [
      'public client',
      { client_id: 'spa', client_secret: '' },
      403,
      'unauthorized_client',
      /'client_credentials' not allowed/,
    ],
    [
      'grant type not enabled',
      { client_id: 'web' },
      403,
      'unauthorized_client',
      /^Grant type 'client_credentials' not allowed for the client\.$/,
    ],
    ['no audience', { audience: '' }, 400, 'invalid_request', /^Missing required parameter: audience$/],
    ['unknown audience', { audience: 'urn:none' }, 403, 'access_denied', /^Service not found: urn:none$/],
    [
      'no grant',
      { audience: 'urn:online' },
      403,
      'access_denied',
      /^Client is not authorized to access "urn:online"\. You need to create a "client-grant"/,
    ],
    [
      'organization where the grant has none',
      { organization: 'org_acme' },
      400,
      'invalid_request',
      /not allowed for this client/,
    ],
    [
      'unknown organization',
      { audience: 'urn:tenant', organization: 'org_none' },
      403,
      'access_denied',
      /not authorized to access the organization/,
    ],
    [
      'name while names are off',
      { audience: 'urn:tenant', organization: 'acme' },
      403,
      'access_denied',
      /organization/,
    ],
  ];
  it.each(refusals)('refuses: %s', async (_name, change, status, error, description) => {
    const response = await at.post('/oauth/token', { ...ASK, ...change });
    expect([response.statusCode, response.json().error]).toEqual([status, error]);
    expect(response.json().error_description).toMatch(description);
    expect(response.headers['cache-control']).toBe('no-store');
    const known = change.client_id !== 'nobody';
    expect(at.ledger.map((line) => line.type)).toEqual(known ? ['feccft'] : []);
    expect(JSON.stringify(at.ledger)).not.toContain(SECRET);
  });

  it("is for the client's default organization where it asks for none, as far as the grant takes organizations", async () => {
    const claims = async (fields = {}) => {
      const response = await at.post('/oauth/token', { ...ASK, audience: 'urn:tenant', ...fields });
      const [, payload = ''] = String(response.json().access_token).split('.');
      return JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as Record<string, unknown>;
    };
    const settle = (organization: string, flows: string) =>
      at.run(
        `update clients set extra = '{"default_organization": {"organization_id": "${organization}", "flows": [${flows}]}}'
         where client_id = 'machine'`,
      );
    await settle('org_acme', '"client_credentials"');
    expect(await claims()).toMatchObject({ org_id: 'org_acme' });
    expect(await claims({ organization: 'org_beta' })).toMatchObject({ org_id: 'org_beta' });
    expect(await claims({ audience: API })).not.toHaveProperty('org_id');
    await settle('org_none', '"client_credentials"');
    expect((await at.post('/oauth/token', { ...ASK, audience: 'urn:tenant' })).json().error).toBe('access_denied');
    await settle('org_acme', '');
    expect(await claims()).not.toHaveProperty('org_id');
    await at.run("update clients set extra = '{}' where client_id = 'machine'");
  });

  it('is for the organizations that the grant was given to, where it does not allow any', async () => {
    const ask = { ...ASK, audience: 'urn:tenant' };
    const askFor = async (organization: string) => (await at.post('/oauth/token', { ...ask, organization })).json();
    const refused = { error_description: 'Client is not authorized to access the organization' };
    await at.run(`update client_grants set allow_any_organization = false where id = 'cgr_2'`);
    expect(await askFor('org_acme')).toMatchObject(refused);
    const give = (grant: string, organization: string) =>
      at.run(`insert into organization_client_grants values ('${organization}', '${grant}', now())`);
    // The grant for another API, and the same grant for another organization, open nothing.
    await give('cgr_1', 'org_acme');
    await give('cgr_2', 'org_beta');
    expect(await askFor('org_acme')).toMatchObject(refused);
    expect(decodeJwt((await askFor('org_beta')).access_token)).toMatchObject({ org_id: 'org_beta' });
    await at.run(`update client_grants set organization_usage = 'deny' where id = 'cgr_2'`);
    expect(await askFor('org_beta')).toMatchObject({
      error_description: 'parameter organization is not allowed for this client',
    });
    await at.run(`update client_grants set organization_usage = 'allow' where id = 'cgr_2'`);
    await at.run('delete from organization_client_grants');
    expect(await askFor('org_beta')).toMatchObject(refused);
    await at.run(`update client_grants set allow_any_organization = true where id = 'cgr_2'`);
  });

  it('names the organization, by id or (where the tenant allows it) by name', async () => {
    const ask = { ...ASK, audience: 'urn:tenant' };
    const claims = async (organization: string) => {
      const response = await at.post('/oauth/token', { ...ask, organization });
      expect(response.statusCode).toBe(200);
      return JSON.parse(Buffer.from(response.json().access_token.split('.')[1], 'base64url').toString());
    };
    expect(await claims('org_acme')).toMatchObject({ org_id: 'org_acme' });
    expect(await claims('org_acme')).not.toHaveProperty('org_name');
    await at.run('update tenant set allow_organization_name = true');
    expect(await claims('acme')).toMatchObject({ org_id: 'org_acme', org_name: 'acme' });
    await at.run('update tenant set allow_organization_name = false');
    await at.run("update organizations set blocked = true where id = 'org_acme'");
    expect((await at.post('/oauth/token', { ...ask, organization: 'org_acme' })).statusCode).toBe(403);
    await at.run("update organizations set blocked = false where id = 'org_acme'");
  });

  it('a rotated secret ends at once', async () => {
    const [before] = await at.run("select secret_sealed from clients where client_id = 'machine'");
    await at.run("update clients set secret_sealed = null where client_id = 'machine'");
    expect((await at.post('/oauth/token', ASK)).statusCode).toBe(401);
    await at.run("update clients set secret_sealed = $1 where client_id = 'machine'", [before?.secret_sealed]);
    expect((await at.post('/oauth/token', ASK)).statusCode).toBe(200);
  });

  it('attack: a client that has no secret is not opened by what an absent secret is compared with', async () => {
    const [before] = await at.run("select secret_sealed from clients where client_id = 'machine'");
    await at.run("update clients set secret_sealed = null where client_id = 'machine'");
    const source = readFileSync(new URL('../../src/http/oauth/client-authentication.ts', import.meta.url), 'utf8');
    const stand = /const NOTHING = '(.+)';/.exec(source)?.[1] ?? '';
    expect(stand).not.toBe('');
    expect((await at.post('/oauth/token', { ...ASK, client_secret: stand })).statusCode).toBe(401);
    await at.run("update clients set secret_sealed = $1 where client_id = 'machine'", [before?.secret_sealed]);
  });

  it('attack: a sealed secret copied to another client opens nothing', async () => {
    await at.run(
      "update clients set secret_sealed = (select secret_sealed from clients where client_id = 'web') where client_id = 'web2'",
    );
    const response = await at.post('/oauth/token', { ...ASK, client_id: 'web2' });
    expect([response.statusCode, response.json().error]).toEqual([500, 'server_error']);
    expect(response.body).not.toContain('VESTIBULE');
  });
});
