/**
 * `/connections` where it guards: which strategies there are, what becomes of a secret when an address changes, and what is asked of the
 * identity provider, and when.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ProviderFinding } from '../../src/ports/connector.js';
import { certificateOf } from '../support/saml/certificates.js';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

const KEY = certificateOf('sp').key;
let api: Management;
let cast: Cast;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
});
afterAll(() => api.close());

const query = async (text: string, values: unknown[] = []) => (await api.database.pool.query(text, values)).rows;
const unreachable: ProviderFinding = {
  ok: false,
  reason: 'unreachable',
  check: 'discovery.timeout',
  detail: 'idp.example: no whole answer within 5000 ms',
};
const OPTIONS = {
  type: 'back_channel',
  issuer: 'https://idp.example',
  client_id: 'c',
  scope: 'openid email',
  domain_aliases: ['beta.example'],
};
let number = 0;
const create = async (options: object, strategy = 'oidc') => {
  number += 1;
  const { status, body } = await api.post('/connections', { name: `c-${number}`, strategy, options });
  expect(status).toBe(201);
  return `/connections/${body.id}`;
};
const sealedOf = async (path: string) =>
  (await query('select secrets_sealed from connections where id = $1', [path.split('/')[2]]))[0].secrets_sealed;

describe('strategies', () => {
  test('one that nothing here speaks is not created, enabled or invited to', async () => {
    const text =
      /^The strategy ad is not available on this server: nobody could sign in over it\. It offers auth0, oidc, okta/;
    const refused = await api.post('/connections', { name: 'acme-ad', strategy: 'ad', options: {} });
    expect([refused.status, refused.body.errorCode]).toEqual([400, 'invalid_body']);
    expect(refused.body.message).toMatch(text);

    // A row from when it was accepted.
    await query('alter table connections drop constraint connections_strategy_check');
    await query(`insert into connections (id, name, strategy, revision, created_at, updated_at)
      values ('con_LdapLdapLdapLdap', 'old-ad', 'ad', 'r', now(), now())`);
    const enablement = { connection_id: 'con_LdapLdapLdapLdap' };
    const inOrganization = `/organizations/${cast.organization}`;
    for (const base of ['enabled_connections', 'connections'])
      expect((await api.post(`${inOrganization}/${base}`, enablement)).body.message).toMatch(text);
    const whole = { name: 'whole', enabled_connections: [enablement] };
    expect((await api.post('/organizations', whole)).body.message).toMatch(text);
    await query(`insert into organization_connections (organization_id, connection_id, revision, created_at)
      values ('${cast.organization}', 'con_LdapLdapLdapLdap', 'r', now())`);
    const invitation = {
      inviter: { name: 'Olga' },
      invitee: { email: 'ivy@acme.example' },
      client_id: cast.client,
      connection_id: 'con_LdapLdapLdapLdap',
    };
    expect((await api.post(`${inOrganization}/invitations`, invitation)).body.message).toMatch(text);
    // It can be seen, switched off, and removed.
    expect((await api.get(`${inOrganization}/enabled_connections/con_LdapLdapLdapLdap`)).status).toBe(200);
    expect((await api.patch('/connections/con_LdapLdapLdapLdap', { display_name: 'Old' })).status).toBe(200);
    expect((await api.delete('/connections/con_LdapLdapLdapLdap')).status).toBe(202);
  });
});

describe('the secret of a connection', () => {
  const elsewhere = 'https://evil.example';
  const moved: [string, object, string?][] = [
    ['the issuer', { ...OPTIONS, issuer: elsewhere }],
    ['the discovery document', { ...OPTIONS, discovery_url: elsewhere }],
    ['the token endpoint', { ...OPTIONS, token_endpoint: `${elsewhere}/token` }],
    ['the authorization endpoint', { ...OPTIONS, authorization_endpoint: `${elsewhere}/auth` }],
    ['the keys', { ...OPTIONS, jwks_uri: `${elsewhere}/keys` }],
    ['a token endpoint of stored metadata', { ...OPTIONS, oidc_metadata: { token_endpoint: `${elsewhere}/token` } }],
    ['no issuer at all', { ...OPTIONS, issuer: undefined }],
    ['the domain of okta', { domain: 'evil.example', client_id: 'c' }, 'okta'],
  ];

  test.each(moved)(
    'goes when %s changes, and the answer and the log say so',
    async (_what, after, strategy = 'oidc') => {
      const before = strategy === 'okta' ? { domain: 'acme.okta.example', client_id: 'c' } : OPTIONS;
      const path = await create({ ...before, client_secret: 'hush', decryptionKey: KEY }, strategy);
      expect(await sealedOf(path)).not.toBeNull();
      const { status, body } = await api.patch(path, { options: after });
      expect(status).toBe(200);
      expect(await sealedOf(path)).toBeNull();
      const warning = { id: 'client_secret_removed', message: expect.stringContaining('was removed') };
      expect(body.warnings).toEqual([warning]);
      const [line] = await query(`select details from logs order by log_id desc limit 1`);
      expect(line.details.warnings).toEqual([warning]);
    },
  );

  test('stays when it is given again, and when no address changes', async () => {
    const path = await create({ ...OPTIONS, client_secret: 'hush' });
    const first = await sealedOf(path);
    const again = await api.patch(path, { options: { ...OPTIONS, issuer: elsewhere, client_secret: 'hush' } });
    expect([again.status, again.body.warnings]).toEqual([200, undefined]);
    const second = await sealedOf(path);
    expect([first === null, second === null]).toEqual([false, false]);
    for (const body of [
      { display_name: 'Other' },
      { options: { ...OPTIONS, issuer: elsewhere, scope: 'openid', client_id: 'd' } },
    ]) {
      const { status, body: answer } = await api.patch(path, body);
      expect([status, answer.warnings]).toEqual([200, undefined]);
      expect(await sealedOf(path)).not.toBeNull();
    }
  });

  test('of which there is none needs no word about it', async () => {
    const path = await create(OPTIONS);
    expect((await api.patch(path, { options: { ...OPTIONS, issuer: elsewhere } })).body.warnings).toBeUndefined();
    const removed = await create({ ...OPTIONS, client_secret: 'hush' });
    const asked = await api.patch(removed, { options: { ...OPTIONS, issuer: elsewhere, client_secret: null } });
    expect(asked.body.warnings).toBeUndefined();
  });

  test('of a changed issuer, the log has both', async () => {
    const path = await create(OPTIONS);
    await api.patch(path, { options: { ...OPTIONS, issuer: elsewhere } });
    const [line] = await query(`select details from logs order by log_id desc limit 1`);
    expect(line.details.issuers).toEqual([OPTIONS.issuer, elsewhere]);
  });
});

describe('options that were read', () => {
  const aliasesOf = async (path: string) => (await api.get(path)).body.options.domain_aliases;

  test('attack=lost-update: are not written over those that somebody else has written since', async () => {
    const path = await create(OPTIONS);
    const { options, options_revision: read } = (await api.get(path)).body;
    const send = (alias: string, revision: string) =>
      api.patch(`${path}?check_discovery=false&options_revision=${revision}`, {
        options: { ...options, domain_aliases: [alias] },
      });
    const first = await send('one.example', read);
    expect(first.status).toBe(200);
    const late = await send('two.example', read);
    expect([late.status, late.body.errorCode]).toEqual([409, 'options_changed']);
    expect(await aliasesOf(path)).toEqual(['one.example']);
    // The answer of a write names the next one.
    expect((await send('two.example', first.body.options_revision)).status).toBe(200);
    expect(await aliasesOf(path)).toEqual(['two.example']);
  });

  test('the revision is not the stored one, and is named by nobody who has to', async () => {
    const path = await create(OPTIONS);
    const [{ revision }] = await query('select revision from connections where id = $1', [path.split('/')[2]]);
    const { options_revision: shown } = (await api.get(path)).body;
    expect(revision).not.toContain(shown);
    expect(shown).not.toContain(revision);
    expect((await api.patch(path, { options: OPTIONS })).status).toBe(200);
    for (const listed of (await api.get('/connections')).body) expect(listed).not.toHaveProperty('options_revision');
  });
});

describe('the identity provider is asked', () => {
  let asked: { options: Readonly<Record<string, unknown>>; open: number }[] = [];
  const answers = (finding: ProviderFinding) =>
    api.examine(async ({ strategy, options }) => {
      const [{ open }] = await query(
        `select count(*)::int as open from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
      );
      asked.push({ options, open });
      return strategy === 'auth0' ? undefined : finding;
    });
  beforeEach(() => {
    asked = [];
  });
  const facts: ProviderFinding = {
    ok: true,
    issuer: 'https://idp.example',
    endpoints: { authorization_endpoint: 'https://idp.example/auth', jwks_uri: 'https://idp.example/keys' },
    signingKeys: 2,
  };

  test('when a connection is created, before any transaction, and the answer says what was found', async () => {
    answers(facts);
    const { status, body } = await api.post('/connections', {
      name: 'asked',
      strategy: 'oidc',
      options: { ...OPTIONS, client_secret: 'hush' },
    });
    expect([status, body.discovery]).toEqual([
      201,
      {
        status: 'ok',
        issuer: 'https://idp.example',
        authorization_endpoint: 'https://idp.example/auth',
        jwks_uri: 'https://idp.example/keys',
        signing_keys: 2,
      },
    ]);
    expect(asked).toMatchObject([{ options: { ...OPTIONS, client_secret: 'hush' }, open: 0 }]);
    const [line] = await query(`select details from logs order by log_id desc limit 1`);
    expect(line.details.discovery).toEqual(body.discovery);
    // Nothing of it is Auth0's shape of a connection.
    expect((await api.get(`/connections/${body.id}`)).body).not.toHaveProperty('discovery');
    expect((await api.delete(`/connections/${body.id}`)).status).toBe(202);
  });

  test('when an address changes, and only then; with the options as they will be', async () => {
    answers(facts);
    const path = await create({ ...OPTIONS, client_secret: 'hush' });
    for (const body of [{ display_name: 'X' }, { options: { ...OPTIONS, scope: 'openid' } }, { options: null }])
      expect((await api.patch(path, body)).body).not.toHaveProperty('discovery');
    expect(asked).toHaveLength(1);
    const options = { ...OPTIONS, issuer: 'https://new.example' };
    const { body } = await api.patch(path, { options });
    expect(body.discovery).toMatchObject({ status: 'ok', signing_keys: 2 });
    // The usual options are there when an update leaves them out.
    expect(asked.slice(1)).toMatchObject([{ options: { ...options, schema_version: 'oidc-V4' }, open: 0 }]);
    expect((await api.patch('/connections/con_0000000000000000', { options })).status).toBe(404);
    expect(asked).toHaveLength(2);
    const database = await api.post('/connections', { name: 'asked-not', strategy: 'auth0' });
    expect(database.body).not.toHaveProperty('discovery');
  });

  test.each<[string, ProviderFinding, object]>([
    ['nobody answers', unreachable, { status: 'unreachable', check: 'discovery.timeout' }],
    [
      'the options do not say enough',
      { ok: false, reason: 'invalid', check: 'connection.options', detail: 'client_id is missing' },
      { status: 'incomplete', check: 'connection.options', message: 'client_id is missing' },
    ],
  ])('and where %s, it is stored and told', async (_what, finding, told) => {
    answers(finding);
    number += 1;
    const body = { name: `c-${number}`, strategy: 'oidc', options: OPTIONS };
    const created = await api.post('/connections', body);
    expect([created.status, created.body.discovery]).toEqual([201, expect.objectContaining(told)]);
    const changed = await api.patch(`/connections/${created.body.id}`, {
      options: { ...OPTIONS, issuer: 'https://x.example' },
    });
    expect([changed.status, changed.body.discovery]).toEqual([200, expect.objectContaining(told)]);
  });

  test('and an answer that contradicts the options is refused, with the way out; nothing is written', async () => {
    answers(facts);
    const path = await create({ ...OPTIONS, client_secret: 'hush' });
    answers({
      ok: false,
      reason: 'invalid',
      check: 'discovery.issuer',
      detail: 'expected https://idp.example, the document says https://other.example',
    });
    const before = await query('select id, options, secrets_sealed, revision from connections order by id');
    const body = { name: 'contradicted', strategy: 'oidc', options: OPTIONS };
    const refused = await api.post('/connections', body);
    expect([refused.status, refused.body.errorCode]).toEqual([400, 'invalid_body']);
    expect(refused.body.message).toContain(
      'discovery.issuer: expected https://idp.example, the document says https://other.example',
    );
    expect(refused.body.message).toContain('add check_discovery=false to the query');
    const moved = { options: { ...OPTIONS, issuer: 'https://new.example' } };
    expect((await api.patch(path, moved)).status).toBe(400);
    expect(await query('select id, options, secrets_sealed, revision from connections order by id')).toEqual(before);

    asked = [];
    const unchecked = await api.post('/connections?check_discovery=false', body);
    expect([unchecked.status, unchecked.body.discovery]).toEqual([201, { status: 'unchecked' }]);
    expect((await api.patch(`${path}?check_discovery=false`, moved)).body.discovery).toEqual({ status: 'unchecked' });
    expect(asked).toEqual([]);
    expect((await api.post('/connections?check_discovery=perhaps', body)).status).toBe(400);
  });
});

test('a key that nobody could use is refused by its name when the connection is written', async () => {
  const options = { client_id: 'c', issuer: 'https://idp.example' };
  for (const decryptionKey of ['key', KEY.slice(0, 200), { key: 'x', cert: '' }, '{']) {
    const body = { name: 'broken-key', strategy: 'oidc', options: { ...options, decryptionKey } };
    const { status, body: answer } = await api.post('/connections', body);
    expect([status, JSON.stringify(answer)]).toEqual([400, expect.stringContaining('decryptionKey')]);
  }
});

test('domain_aliases take no domain of the public; those from before stay', async () => {
  const { domain_aliases: _, ...options } = OPTIONS;
  const path = '/connections?check_discovery=false';
  const make = (name: string, aliases: readonly string[]) =>
    api.post(path, { name, strategy: 'oidc', options: { ...options, domain_aliases: aliases } });
  for (const alias of ['gmail.com', 'yahoo.it', 'mail.gmx.net', 'co.uk']) {
    const { status, body } = await make('public', ['acme.example', alias]);
    expect([status, body.message]).toEqual([400, expect.stringContaining(`options.domain_aliases: ${alias} `)]);
  }
  const { id } = (await make('older', ['acme.example'])).body;
  await query("update connections set domain_aliases = '{acme.example,gmail.com}' where id = $1", [id]);
  const kept = { options: { ...options, domain_aliases: ['gmail.com', 'more.example'] } };
  expect((await api.patch(`/connections/${id}`, kept)).status).toBe(200);
  const more = { options: { ...options, domain_aliases: ['gmail.com', 'hotmail.it'] } };
  expect((await api.patch(`/connections/${id}`, more)).body.message).toContain('hotmail.it gives mailboxes');
});

describe('needs_organization', () => {
  const make = async (body: object) =>
    await api.post('/connections?check_discovery=false', { strategy: 'oidc', options: OPTIONS, ...body });
  const answer = async (path: string) => (await api.get(path)).body.needs_organization;
  const listed = async (path: string) =>
    ((await api.get('/connections')).body as unknown as { id: string; needs_organization?: boolean }[]).find(({ id }) =>
      path.endsWith(id),
    )?.needs_organization;

  test('case=set-by-the-first-organization-kept-when-it-is-cut-off-and-taken-back-by-an-operator-alone', async () => {
    const id = (await make({ name: 'needed' })).body.id;
    const path = `/connections/${id}`;
    const { body: organization } = await api.post('/organizations', { name: 'needing' });
    const uses = `/organizations/${organization.id}/connections`;
    expect((await api.post(uses, { connection_id: id, is_enabled: false })).status).toBe(201);
    expect(await answer(path), 'switched off from the start').toBeUndefined();
    const enablement = `${uses}/${id}`;
    await api.patch(enablement, { is_enabled: true });
    expect([await answer(path), await listed(path)]).toEqual([true, undefined]);
    expect(await api.patch(path, { needs_organization: false })).toMatchObject({
      status: 409,
      body: { errorCode: 'connection_in_use', message: expect.stringContaining('Switch it off there first') },
    });
    await api.patch(enablement, { is_enabled: false });
    expect([await answer(path), await listed(path)]).toEqual([true, true]);
    const renamed = await api.patch(path, { display_name: 'Renamed' });
    expect(renamed.body.needs_organization, 'a change of something else').toBe(true);
    expect((await api.patch(path, { needs_organization: false })).body).not.toHaveProperty('needs_organization');
    await api.patch(enablement, { is_enabled: true });
    await api.delete(`/organizations/${organization.id}`);
    expect(await answer(path), 'enabled again, and the organization is gone').toBe(true);
  });

  test('case=chosen-for-a-connection-that-none-enabled-and-never-for-passwords', async () => {
    const made = await make({ name: 'closed', needs_organization: true });
    expect([made.status, made.body.needs_organization]).toEqual([201, true]);
    const passwords = await api.post('/connections', { name: 'pw', strategy: 'auth0', needs_organization: true });
    expect([passwords.status, passwords.body.message]).toEqual([400, expect.stringContaining('identity provider')]);
    const database = await create({}, 'auth0');
    await api.post('/organizations', {
      name: 'by-password',
      enabled_connections: [{ connection_id: database.replace('/connections/', '') }],
    });
    expect(await answer(database)).toBeUndefined();
    expect((await api.patch(database, { needs_organization: false })).status).toBe(200);
  });
});
