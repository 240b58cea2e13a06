/**
 * Attack: the administrator of a customer replaces the certificate of the customer's SAML connection by one of their own, and signs
 * assertions with the name of a colleague. The entity id stays, so every subject would be the same person as before (ADR 0102).
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { SecretBox } from '../../src/kernel/seal.js';
import { listSamlConnections } from '../../src/storage/login-store/named-connections.js';
import type { Place } from '../support/cast.js';
import type { Json } from '../support/instance.js';
import { certificateOf } from '../support/saml/certificates.js';
import { useStage, wordsOf } from '../support/stage.js';

const stage = useStage({ strategy: 'samlp' });
const api = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);
const PEOPLE = {
  nora: { sub: 's-nora', email: 'nora@evil.example' },
  adam: { sub: 's-adam', email: 'adam@evil.example' },
  victor: { sub: 's-victor', email: 'victor@elsewhere.example' },
};
let evil: Place;
const path = () => `/connections/${evil.connectionId}`;

async function signIn(login: string) {
  const visitor = stage.visitor();
  const page = await visitor.open({ organization: evil.id, connection: evil.connectionName });
  return { visitor, page: await visitor.signInAtIdp(page, login) };
}

beforeAll(async () => {
  evil = await stage.cast.createPlace('evil', PEOPLE, { domain: 'evil.example' });
  await stage.instance.database.pool.query(
    `update discovery_domains set proof = 'dns', expires_at = now() + interval '7 days' where domain = 'evil.example'`,
  );
  await api('PATCH', path(), { managed_by_organization: evil.id });
});

describe('another certificate', () => {
  test('ends the trust in the subjects of before', async () => {
    const nora = await stage.cast.createMember('nora@evil.example', { organizationId: evil.id });
    const adam = await stage.cast.createMember('adam@evil.example', { organizationId: evil.id });
    for (const [login, user] of [
      ['nora', nora],
      ['adam', adam],
    ] as const) {
      const { visitor, page } = await signIn(login);
      expect((await visitor.redeem(page)).claims.sub).toBe(user);
    }
    // Nora joins another customer: her account opens more than Evil Corp.
    await api('POST', `/organizations/${stage.cast.acme.id}/members`, { members: [nora] });
    const { options } = await api('GET', path());
    const { signingCert, signingCerts = [] } = options as { signingCert?: string; signingCerts?: string[] };
    const own = [...(signingCert ? [signingCert] : []), ...signingCerts, certificateOf('mallory').cert];
    const { warnings } = await api('PATCH', path(), { options: { ...(options as Json), signingCerts: own } });
    expect(warnings).toMatchObject([{ id: 'people_prove_again', people: 2 }]);

    const asNora = await signIn('nora');
    expect(asNora.page.url.pathname, wordsOf(asNora.page)).toBe('/u/proof');
    const asAdam = await signIn('adam');
    expect((await asAdam.visitor.redeem(asAdam.page)).claims.sub, 'of this organization alone').toBe(adam);
  });

  test('another attribute that names the subject ends it too; one that names the address does not', async () => {
    const { options } = await api('GET', path());
    const change = (fieldsMap: Json) => api('PATCH', path(), { options: { ...(options as Json), fieldsMap } });
    expect((await change({ email: ['mail'] })).warnings).toBeUndefined();
    const { warnings } = await change({ email: ['mail'], user_id: ['nickname'] });
    expect(warnings).toMatchObject([{ id: 'people_prove_again', people: 2 }]);
    await change({});
  });

  test('a provider that verifies no address links nobody outside the proved domain', async () => {
    await stage.cast.createMember('victor@elsewhere.example', { organizationId: evil.id });
    const { page } = await signIn('victor');
    expect((await stage.refusal(page)).details.code).toBe('admit.not_a_member');
  });
});

describe('the issuer of another customer', () => {
  test('in ten connections of Mallory hides nobody’s provider, which goes on signing people out', async () => {
    const { acme } = stage.cast;
    const { options } = await api('GET', `/connections/${acme.connectionId}`);
    const { pool } = stage.instance.database;
    // Their ids come first.
    await pool.query(
      `insert into connections select c.* from connections e, generate_series(10, 30) n, jsonb_populate_record(e,
        jsonb_build_object('id', 'con_00000000000000' || n, 'name', 'evil-' || n, 'options', $2::jsonb)) c where e.id = $1`,
      [evil.connectionId, JSON.stringify(options)],
    );
    const from = { pool, box: { open: () => '{}' } as unknown as SecretBox };
    const found = await listSamlConnections(from, String((options as Json).issuer));
    expect(found.map(({ id }) => id)).toContain(acme.connectionId);
    expect(found).toHaveLength(10);
    await pool.query("delete from connections where name like 'evil-__'");
  });
});

describe('another attribute as the subject', () => {
  test('attack=a text that named one person names another one: ends the trust too', async () => {
    const { options } = await api('GET', path());
    const change = (fieldsMap: Json) => api('PATCH', path(), { options: { ...(options as Json), fieldsMap } });
    expect((await change({ nickname: ['alias'] })).warnings, 'not who somebody is').toBeUndefined();
    expect((await change({ nickname: ['alias'], user_id: ['uid'] })).warnings).toMatchObject([
      { id: 'people_prove_again' },
    ]);
    expect((await change({})).warnings, 'and back again').toMatchObject([{ id: 'people_prove_again' }]);
  });
});
