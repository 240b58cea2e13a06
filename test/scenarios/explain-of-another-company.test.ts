/**
 * "What would happen if these claims came": at Entra and Google, where the claims say whose company's account it is, the explanation refuses
 * another company's as the login does (test/connectors/entra-attacks.test.ts, google-attacks.test.ts), with the same code.
 */
import { beforeAll, expect, test } from 'vitest';
import type { Json } from '../support/instance.js';
import { guidOf } from '../support/providers.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const ACME = guidOf('acme');
const EVIL = guidOf('evil');
const issuerOf = (tenant: string) => `https://login.microsoftonline.com/${tenant}/v2.0`;
const CONNECTIONS = {
  one: { strategy: 'waad', options: { tenantId: ACME } },
  many: { strategy: 'waad', options: { useCommonEndpoint: true, allowed_tenants: [ACME] } },
  google: { strategy: 'google-apps', options: { tenant_domain: 'acme.example' } },
} as const;
type Name = keyof typeof CONNECTIONS;
const ids: Partial<Record<Name, string>> = {};

beforeAll(async () => {
  const { api } = stage.instance;
  for (const [name, { strategy, options }] of Object.entries(CONNECTIONS)) {
    const client = { client_id: 'c', client_secret: 's' };
    const body = { name, strategy, options: { ...options, ...client } };
    ids[name as Name] = (await api('POST', '/connections?check_discovery=false', body)).id as string;
    const enabled = { connection_id: ids[name as Name], assign_membership_on_login: true };
    await api('POST', `/organizations/${stage.cast.acme.id}/enabled_connections`, enabled);
  }
});

const person = { sub: 'abc', oid: guidOf('dana'), email: 'dana@acme.example' };

async function explain(name: Name, claims: Json) {
  const question = { connection_id: ids[name], claims: { ...person, ...claims } };
  const path = `/organizations/${stage.cast.acme.id}/explain`;
  const { outcome, rule, trace } = await stage.instance.api<{
    outcome: string;
    rule: string;
    trace: { stage: string; rule: string; answer: string; evidence: Json }[];
  }>('POST', path, question);
  const refused = trace.find((line) => line.answer === 'refuse');
  return [outcome, rule, refused?.evidence.check];
}

test.each<[Name, string, Json, string]>([
  ['one', 'another tenant', { tid: EVIL, iss: issuerOf(EVIL) }, 'id_token.tid'],
  ['one', 'another tenant, its issuer not told', { tid: EVIL }, 'id_token.tid'],
  ['one', "another tenant's issuer", { iss: issuerOf(EVIL) }, 'id_token.iss'],
  ['one', 'a name for a tenant id', { tid: 'acme.example' }, 'id_token.tid'],
  ['many', 'a tenant that is not listed', { tid: EVIL }, 'id_token.tid'],
  ['many', 'a tenant that is not listed, by its issuer', { iss: issuerOf(EVIL) }, 'id_token.tid'],
  ['many', "a listed tenant with another's issuer", { tid: ACME, iss: issuerOf(EVIL) }, 'id_token.iss'],
  ['google', 'another Workspace', { hd: 'evil.example' }, 'id_token.hd'],
  ['google', 'no Workspace', { hd: '' }, 'id_token.hd'],
])('%s: %s is refused', async (name, _what, claims, check) => {
  expect(await explain(name, claims)).toEqual(['refused', 'idp_invalid', check]);
});

test.each<[Name, Json]>([
  ['one', {}],
  ['one', { tid: ACME, iss: issuerOf(ACME) }],
  ['many', { tid: ACME }],
  ['many', {}],
  ['google', {}],
  ['google', { hd: 'acme.example' }],
])('%s: claims that name this company, or are not told, are not: %j', async (name, claims) => {
  expect(await explain(name, claims)).toEqual(['admitted', 'auto', undefined]);
});
