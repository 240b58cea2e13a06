/** `/connections/{id}/keys`: the keys of connections that authenticate by private_key_jwt, their turns, and the refusals. */
import { createPrivateKey, sign, verify, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createConnectionKeys, createPublishedKeys } from '../../src/storage/secrets/connection-keys.js';
import { holdWrite } from '../support/held-writes.js';
import { type Management, startManagement } from './harness.js';

const OPTIONS = { type: 'back_channel', issuer: 'https://idp.example/', client_id: 'c' };
const METHOD = { token_endpoint_auth_method: 'private_key_jwt' };

let api: Management;
let round = 0;
beforeAll(async () => {
  api = await startManagement();
});
afterAll(() => api.close());

type Body = Readonly<Record<string, unknown>>;
interface Key extends Body {
  readonly kid: string;
  readonly cert: string;
}

async function create(options: Body, strategy = 'oidc') {
  round += 1;
  const answer = await api.post('/connections?check_discovery=false', { name: `idp-${round}`, strategy, options });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body as { readonly id: string; readonly name: string };
}

const keysOf = async (id: string): Promise<readonly Key[]> => (await api.get(`/connections/${id}/keys`)).body;
const turnsOf = (keys: readonly Key[]) =>
  keys.map((key) => ['next', 'current', 'previous'].filter((turn) => key[turn] === true));
const findCurrent = (id: string) => createConnectionKeys(api.database.pool, api.rows).findCurrent(id);

/** True when the key that signs is the one of the certificate. */
async function signsAs(id: string, key: Key | undefined): Promise<boolean> {
  const found = await findCurrent(id);
  const data = Buffer.from('data');
  const signature = sign('sha256', data, createPrivateKey(found?.privatePem ?? ''));
  return found?.kid === key?.kid && verify('sha256', data, new X509Certificate(key?.cert ?? '').publicKey, signature);
}

describe('keys', () => {
  test.each(['oidc', 'okta'])('case=%s: a connection that is set to private_key_jwt gets two', async (strategy) => {
    const { id } = await create({ ...OPTIONS, ...METHOD, domain: 'acme.okta.com' }, strategy);
    const keys = await keysOf(id);
    expect(turnsOf(keys)).toEqual([['next'], ['current']]);
    expect(keys[1]).toEqual({
      kid: expect.any(String),
      cert: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
      fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){19}[0-9A-F]{2}$/),
      thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/),
      current: true,
      current_since: expect.any(String),
      algorithm: 'RS256',
      key_use: 'signing',
      subject_dn: '/CN=login.example',
    });
    expect(JSON.stringify(keys)).not.toContain('PRIVATE');
    expect(await signsAs(id, keys[1])).toBe(true);
  });

  test('are made before the connection uses them, and stay when it does', async () => {
    const { id } = await create({ ...OPTIONS, client_secret: 's' });
    expect(await keysOf(id)).toEqual([]);
    const made = await api.post(`/connections/${id}/keys`, { signing_alg: 'ES384' });
    expect(made).toMatchObject({ status: 201, body: [{ next: true }, { current: true, algorithm: 'ES384' }] });
    expect(await api.post(`/connections/${id}/keys`)).toMatchObject({
      status: 409,
      body: { message: 'Keys have already been created for this connection.' },
    });
    expect((await api.patch(`/connections/${id}`, { options: { ...OPTIONS, ...METHOD } })).status).toBe(200);
    expect(await keysOf(id)).toEqual(made.body);
  });

  test('are rotated: the next one signs, the former one is published no more, and a third is forgotten', async () => {
    const { id, name } = await create({ ...OPTIONS, ...METHOD, token_endpoint_auth_signing_alg: 'ES256' });
    const published = async () => (await createPublishedKeys(api.database.pool)(name)).map(({ kid }) => kid);
    const [next, current] = await keysOf(id);
    expect(await published()).toEqual([current?.kid, next?.kid]);
    const rotated = await api.post(`/connections/${id}/keys/rotate`, { signing_alg: 'ES256' });
    expect(rotated).toMatchObject({ status: 201, body: { next: true, algorithm: 'ES256' } });
    const after = await keysOf(id);
    expect(turnsOf(after)).toEqual([['next'], ['current'], ['previous']]);
    expect(after.map(({ kid }) => kid)).toEqual([rotated.body.kid, next?.kid, current?.kid]);
    expect(after[2]).toMatchObject({ current_until: expect.any(String) });
    expect(await published()).toEqual([next?.kid, rotated.body.kid]);
    expect(await signsAs(id, next)).toBe(true);
    await api.post(`/connections/${id}/keys/rotate`, { signing_alg: 'ES256' });
    expect((await keysOf(id)).map(({ kid }) => kid)).not.toContain(current?.kid);
    expect((await keysOf(id)).length).toBe(3);
  });

  test('are made anew where an address changes, and a change that came between is sent again', async () => {
    const options = { ...OPTIONS, ...METHOD, token_endpoint_auth_signing_alg: 'ES256' };
    const { id } = await create(options);
    const before = await keysOf(id);
    const path = `/connections/${id}?check_discovery=false`;
    const moved = { options: { ...options, issuer: 'https://other.example/' } };
    expect(await api.patch(path, moved)).toMatchObject({
      status: 200,
      body: { warnings: expect.arrayContaining([expect.objectContaining({ id: 'connection_keys_replaced' })]) },
    });
    const after = await keysOf(id);
    expect(turnsOf(after)).toEqual([['next'], ['current']]);
    expect(after.map(({ kid }) => kid).filter((kid) => before.some((key) => key.kid === kid))).toEqual([]);
    expect(await signsAs(id, after[1])).toBe(true);

    // Seen as unchanged when the request is prepared, and moved by somebody else before it is done.
    const held = holdWrite(api.database.pool, /from "connection_keys"/);
    try {
      const written = api.patch(path, moved);
      await held.reached;
      await api.database.pool.query('update connections set options = options || $2 where id = $1', [
        id,
        { issuer: 'https://third.example/' },
      ]);
      held.release();
      expect(await written).toMatchObject({ status: 409 });
    } finally {
      held.restore();
    }
    expect(await keysOf(id), 'nothing was done').toEqual(after);
  });

  test('are sealed for their row, and go with the connection', async () => {
    const one = await create({ ...OPTIONS, ...METHOD, token_endpoint_auth_signing_alg: 'ES256' });
    const { pool } = api.database;
    const { rows } = await pool.query('select private_key_sealed from connection_keys where connection_id = $1', [
      one.id,
    ]);
    for (const { private_key_sealed: sealed } of rows) expect(sealed.toString('latin1')).not.toContain('PRIVATE KEY');
    await pool.query(`update connection_keys k set private_key_sealed = o.private_key_sealed from connection_keys o
      where o.connection_id = k.connection_id and o.turn = 'next' and k.turn = 'current'`);
    await expect(findCurrent(one.id), 'moved from another row').rejects.toThrow('does not open');
    expect((await api.delete(`/connections/${one.id}`)).status).toBe(202);
    expect((await pool.query('select 1 from connection_keys where connection_id = $1', [one.id])).rows).toEqual([]);
  });
});

describe('refusals', () => {
  test('a connection that is not there', async () => {
    for (const answer of [
      await api.get('/connections/con_x/keys'),
      await api.post('/connections/con_x/keys'),
      await api.post('/connections/con_x/keys/rotate'),
    ])
      expect(answer).toMatchObject({ status: 404, body: { message: 'The connection does not exist' } });
  });

  test.each([
    ['samlp', { signInEndpoint: 'https://idp.example/sso', signingCert: '' }],
    ['auth0', {}],
  ])('case=%s has none', async (strategy, options) => {
    round += 1;
    const path = '/connections?check_discovery=false';
    const { id } = (await api.post(path, { name: `idp-${round}`, strategy, options })).body;
    const message = 'keys are not available for this connection';
    expect(await api.get(`/connections/${id}/keys`)).toMatchObject({ status: 400, body: { message } });
    expect(await api.post(`/connections/${id}/keys`)).toMatchObject({ status: 400, body: { message } });
    expect(await api.post(`/connections/${id}/keys/rotate`)).toMatchObject({
      status: 400,
      body: { message: 'Key rotation is not supported on this connection' },
    });
  });

  test('a rotation of what is not used, and with one of its scopes', async () => {
    const { id } = await create({ ...OPTIONS, client_secret: 's' });
    const path = `/connections/${id}/keys/rotate`;
    expect(await api.post(path)).toMatchObject({
      status: 400,
      body: { message: 'Connection is not configured to use JWT Client Authentication' },
    });
    for (const scope of ['create.connections_keys', 'update.connections_keys']) {
      const answer = await api.post(path, {}, scope);
      expect(answer).toMatchObject({ status: 403, body: { message: expect.stringContaining('expected all of') } });
    }
    expect((await api.post(`/connections/${id}/keys`, { signing_alg: 'HS256' })).status).toBe(400);
  });
});
