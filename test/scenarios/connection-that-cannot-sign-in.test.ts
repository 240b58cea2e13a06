/**
 * Connections that cannot sign anybody in. One of a strategy that is no longer supported counts as absent. A wrong address
 * is refused when it is written, so that no sign-in fails by it later.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { startScriptedIdp } from '../support/scripted-idp.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

const stage = useStage();
const api = <T = Record<string, unknown>>(method: string, path: string, body?: unknown, expected?: number) =>
  stage.instance.api<T>(method, path, body, expected);
const GAMMA = 'gamma.example';
const DANA = `dana@${GAMMA}`;

/** A row as an older version stored it, enabled and required for the organization. */
async function plantForeign(organizationId: string, id: string, domain: string): Promise<void> {
  const { pool } = stage.instance.database;
  await pool.query('alter table connections drop constraint if exists connections_strategy_check');
  await pool.query(
    `insert into connections (id, name, strategy, display_name, domain_aliases, show_as_button, revision, created_at, updated_at)
      values ($1, $1, 'ad', 'Gamma directory', array[$2], true, 'r', now(), now())`,
    [id, domain],
  );
  await pool.query(
    `insert into organization_connections (organization_id, connection_id, is_enabled, show_as_button, sso_rollout, revision, created_at)
      values ($1, $2, true, true, 'required', 'r', now())`,
    [organizationId, id],
  );
}

describe('a connection of a strategy that nothing speaks', () => {
  let gamma: string;
  beforeAll(async () => {
    const made = await api('POST', '/organizations', {
      name: 'gamma',
      enabled_connections: [{ connection_id: stage.cast.databaseId }],
    });
    gamma = made.id as string;
    await plantForeign(gamma, 'con_LdapLdapLdapLdap', GAMMA);
    await stage.cast.createMember(DANA, { organizationId: gamma });
  });

  test('shows no button, takes no address, and shuts no member with a password out', async () => {
    const visitor = stage.visitor();
    const page = await visitor.open({ organization: gamma });
    expect(wordsOf(page)).not.toContain('Gamma directory');
    const next = await visitor.type(page, DANA);
    expect(next.url.pathname).toBe('/u/login/password');
    const answer = answerOf(await visitor.browser.submit(next, { password: PASSWORD }));
    expect([answer.error, typeof answer.code]).toEqual([undefined, 'string']);
  });

  test('is no way in by its name, and explain does not know it', async () => {
    const refused = await stage.visitor().open({ organization: gamma, connection: 'con_LdapLdapLdapLdap' });
    expect((await stage.refusal(refused)).details.code).toBe('identify.connection_not_enabled');
    const { rule } = await api('POST', `/organizations/${gamma}/explain`, { email: DANA });
    expect(rule).toBe('member');
    const question = { email: DANA, connection_id: 'con_LdapLdapLdapLdap' };
    await api('POST', `/organizations/${gamma}/explain`, question, 400);
  });

  test('alone in an organization is no way in at all', async () => {
    const only = (await api('POST', '/organizations', { name: 'saml-only' })).id as string;
    await plantForeign(only, 'con_OnlyOnlyOnlyOnly', 'only.example');
    const refused = await stage.visitor().open({ organization: only });
    expect((await stage.refusal(refused)).details.code).toBe('identify.no_connections');
  });

  test('leads nobody away before the organization is picked', async () => {
    const { client } = stage.cast;
    const set = (organization_require_behavior: string) =>
      api('PATCH', `/clients/${client.id}`, { organization_require_behavior });
    await set('post_login_prompt');
    const visitor = stage.visitor();
    const next = await visitor.type(await visitor.open({ organization: '' }), DANA);
    await set('no_prompt');
    expect(next.url.pathname).toBe('/u/login/password');
  });
});

describe('a connection with a wrong address', () => {
  const optionsOf = (issuer: string, more: object = {}) => ({
    type: 'back_channel',
    issuer,
    client_id: 'vestibule',
    client_secret: 'hush',
    ...more,
  });
  const create = (name: string, options: object, expected?: number, query = '') =>
    api('POST', `/connections${query}`, { name, strategy: 'oidc', options }, expected);

  test('is refused with what the provider said; stored all the same for whoever says so', async () => {
    const { issuer } = stage.cast.idp;
    const wrong = optionsOf(issuer, { discovery_url: `${issuer}/realms/acmee/.well-known/openid-configuration` });
    const refused = await create('wrong-path', wrong, 400);
    expect(refused.message).toContain('(discovery.http: the identity provider answered with status 404)');
    const other = optionsOf('https://login.acme.example', { discovery_url: issuer });
    expect((await create('other-issuer', other, 400)).message).toContain(
      `discovery.issuer: expected https://login.acme.example, the document says ${issuer}`,
    );
    expect(await api('GET', '/connections?name=wrong-path')).toEqual([]);
    const stored = await create('wrong-path', wrong, 201, '?check_discovery=false');
    expect(stored.discovery).toEqual({ status: 'unchecked' });
  });

  test('is stored and told where nobody answers yet, and signs people in once somebody does', async () => {
    const zoe = { sub: 'zoe', email: 'zoe@early.example', email_verified: true };
    const idp = await startScriptedIdp({ people: { zoe } });
    try {
      idp.next({ discovery: 'status-500' });
      const options = optionsOf(idp.issuer, { client_id: idp.clientId, client_secret: idp.clientSecret });
      const made = await create('early', options, 201);
      expect(made.discovery).toEqual({
        status: 'unreachable',
        check: 'discovery.http',
        message: 'the identity provider answered with status 500',
      });
      const [line] = await api<{ details: { discovery?: object } }[]>('GET', '/logs?q=type:sapi&per_page=1');
      expect(line?.details.discovery).toEqual(made.discovery);
      const enabled = { connection_id: made.id, assign_membership_on_login: true };
      const early = await api('POST', '/organizations', { name: 'early', enabled_connections: [enabled] });
      const visitor = stage.visitor();
      const page = await visitor.open({ organization: early.id as string });
      expect(answerOf(await visitor.signInAtIdp(page, 'zoe')).code).toBeDefined();
      const again = await api('PATCH', `/connections/${made.id}`, {
        options: { ...options, jwks_uri: `${idp.issuer}/jwks` },
      });
      expect(again.discovery).toMatchObject({ status: 'ok', issuer: idp.issuer, signing_keys: 1 });
    } finally {
      await idp.stop();
    }
  });
});
