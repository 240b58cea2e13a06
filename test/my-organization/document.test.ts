/**
 * A client made from Auth0's document of the My Organization API: it calls every operation, once as the document allows and
 * in every way that the document forbids. Requests are judged by the document alone, not by the server's own check.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FORMATS } from '../../src/management/api/formats.js';
import { findInvalid } from '../../src/management/my-organization/requests.js';
import { diffSnapshots } from '../support/database.js';
import type { Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import {
  type Administrator,
  DOCUMENTED_ANSWERS,
  type MyOrganization,
  myOrg,
  registerMyOrganization,
} from '../support/my-organization.js';
import { type ScriptedIdp, startScriptedIdp } from '../support/scripted-idp.js';
import { useStage } from '../support/stage.js';
import { startTextNameServer, txt } from '../support/text-name-server.js';

interface Operation {
  readonly status: number;
  readonly path?: object;
  readonly query?: { readonly properties?: Readonly<Record<string, object>> };
  readonly body?: object;
  readonly bodyRequired?: boolean;
}
const document = JSON.parse(
  readFileSync(
    new URL('../../src/management/my-organization/auth0-my-organization.subset.json', import.meta.url),
    'utf8',
  ),
) as { readonly operations: Readonly<Record<string, Operation>>; readonly definitions: object };
/** No customer deletes their organization here: it is refused in words. */
const ABSENT = 'delete /';
const KEYS = Object.keys(document.operations).filter((key) => key !== ABSENT);

const ajv = new Ajv2020({ strict: false, validateFormats: true, logger: false });
for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format);
/** A change of an identity provider without options fits every strategy, so `oneOf` would forbid what Auth0's components send. */
const widen = (schema: object) => JSON.stringify(schema).replaceAll('"oneOf":', '"anyOf":');
ajv.addSchema({ $id: 'document', definitions: JSON.parse(widen(document.definitions)) });

function isAllowed(schema: object | undefined, value: unknown): boolean {
  if (schema === undefined) return true;
  const absolute = JSON.parse(widen(schema).replaceAll('"#/definitions/', '"document#/definitions/'));
  return ajv.validate(absolute, value);
}

interface Given {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const clock = createManualClock();
const names = await startTextNameServer();
const stage = useStage({ clock, environment: { VESTIBULE_DNS_SERVERS: names.address } });
let api: MyOrganization;
let idp: ScriptedIdp;
let ada: Administrator;

beforeAll(async () => {
  api = await registerMyOrganization(stage);
  idp = await startScriptedIdp({ people: {}, clock });
  ada = await api.administrator();
});
afterAll(() => Promise.all([idp.stop(), names.stop()]));

/** Sends a request for an operation. Compares the answer with the document. */
async function send(key: string, { path = {}, query = {}, body }: Given) {
  const [method = '', template = ''] = key.split(' ');
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  clock.advanceMs(1_100);
  const text = body === undefined ? undefined : JSON.stringify(body);
  return myOrg(stage, ada.token, method.toUpperCase(), search === '' ? filled : `${filled}?${search}`, text);
}

/** Requests that went well, by operation: what the wrong ones begin with. */
const went = new Map<string, Given>();

/** Calls an operation as the document allows, and returns the body of the answer. */
async function call(key: string, given: Given = {}): Promise<Json> {
  const operation = document.operations[key];
  expect([key, isAllowed(operation?.path, given.path ?? {}), isAllowed(operation?.body, given.body ?? {})]).toEqual([
    key,
    true,
    true,
  ]);
  const { status, body } = await send(key, given);
  expect([key, status, body.detail]).toEqual([key, operation?.status, undefined]);
  went.set(key, given);
  return body;
}

const IDP = '/identity-providers/{idp_id}';
const PROVISIONING = `${IDP}/provisioning`;

const idpBody = (name: string) => ({
  ...{ name, strategy: 'oidc', display_name: 'Ours' },
  options: {
    ...{ type: 'back_channel', client_id: idp.clientId, client_secret: idp.clientSecret },
    discovery_url: `${idp.issuer}/.well-known/openid-configuration`,
  },
});

test('every operation, as the document allows', async () => {
  await call('get /config');
  await call('get /config/identity-providers');
  await call('get /details');
  await call('patch /details', { body: { display_name: 'Acme Corporation' } });
  await call('get /roles', { query: { name: 'admin', take: '5' } });

  const claim = await call('post /domains', { body: { domain: 'client.example' } });
  const ofDomain = { path: { domain_id: String(claim.id) } };
  const host = String(claim.verification_host).toLowerCase();
  names.answer((name) => (name === host ? { records: [txt(name, String(claim.verification_txt))] } : { code: 3 }));
  await call('get /domains', { query: { take: '2' } });
  await call('get /domains/{domain_id}', ofDomain);
  await call('post /domains/{domain_id}/verify', ofDomain);

  const made = await call('post /identity-providers', { body: idpBody('first') });
  const path = { idp_id: String(made.id) };
  await call('get /identity-providers');
  await call(`get ${IDP}`, { path });
  await call(`patch ${IDP}`, { path, body: { display_name: 'Ours again', show_as_button: false } });
  await call(`put ${IDP}/update-attributes`, { path, body: {} });
  await call(`post ${IDP}/domains`, { path, body: { domain: 'client.example' } });
  await call('get /domains/{domain_id}/identity-providers', ofDomain);
  await call(`delete ${IDP}/domains/{domain}`, { path: { ...path, domain: 'client.example' } });
  await call(`post ${PROVISIONING}`, { path });
  await call(`get ${PROVISIONING}`, { path });
  await call(`put ${PROVISIONING}/update-attributes`, { path, body: {} });
  const token = await call(`post ${PROVISIONING}/scim-tokens`, { path, body: { token_lifetime: 3_600 } });
  await call(`get ${PROVISIONING}/scim-tokens`, { path });
  const idp_scim_token_id = String(token.token_id);
  await call(`delete ${PROVISIONING}/scim-tokens/{idp_scim_token_id}`, { path: { ...path, idp_scim_token_id } });
  await call(`delete ${PROVISIONING}`, { path });
  await call(`delete ${IDP}`, { path });
  const second = await call('post /identity-providers', { body: idpBody('second') });
  await call(`post ${IDP}/detach`, { path: { idp_id: String(second.id) } });
  await call('delete /domains/{domain_id}', ofDomain);

  const guest = (email: string) => ({ body: { invitees: [{ email, roles: [api.adminRole] }], ttl_sec: 3_600 } });
  const [invited] = (await call('post /member-invitations', guest('one@acme.example'))) as unknown as [Json];
  const ofInvitation = { path: { invitation_id: String(invited.id) } };
  await call('get /member-invitations', { query: { sort: 'created_at:1', take: '3' } });
  await call('get /member-invitations/{invitation_id}', ofInvitation);
  await call('get /member-invitations/{invitation_id}/roles', ofInvitation);
  await call('delete /member-invitations/{invitation_id}', ofInvitation);
  const [next] = (await call('post /member-invitations', guest('two@acme.example'))) as unknown as [Json];
  await call('post /delete-member-invitations', { body: { invitations: [String(next.id)] } });

  const id = await api.createMember('colleague@acme.example', []);
  const ofMember = { path: { user_id: id } };
  const roles = { ...ofMember, body: { role_ids: [api.adminRole] } };
  await call('get /members', { query: { take: '1', fields: 'user_id,email,roles' } });
  await call('get /members/{user_id}', ofMember);
  await call('post /members/{user_id}/roles', roles);
  await call('get /members/{user_id}/roles', ofMember);
  await call('delete /members/{user_id}/roles', roles);
  await call('post /members/{user_id}/unassign-roles', roles);
  await call('post /delete-memberships', { body: { members: [id] } });

  // The options of a change are judged by the strategy of the provider, so the wrong ones need one that is there.
  const third = await call('post /identity-providers', { body: idpBody('third') });
  await call(`patch ${IDP}`, { path: { idp_id: String(third.id) }, body: { show_as_button: false } });

  expect([...went.keys()].sort()).toEqual([...KEYS].sort());
  expect((await send(ABSENT, {})).status).toBe(404);
});

const ODD: readonly unknown[] = [null, true, -1, 1.5, '', 'x'.repeat(5_000), '\u0000', [], {}, [{}], ['x', 'x']];

/** Every value that differs from `value` in one place: something odd in its stead, left out, or added. */
function* spoil(value: unknown): Generator<unknown> {
  yield* ODD;
  if (Array.isArray(value)) {
    yield [...value, ...Array.from({ length: 11 }, () => value[0])];
    for (const [index, item] of value.entries()) for (const odd of spoil(item)) yield value.with(index, odd);
  } else if (typeof value === 'object' && value !== null) {
    yield { ...value, unexpected: 'x' };
    for (const [name, item] of Object.entries(value)) {
      const { [name as keyof typeof value]: _, ...rest } = value;
      yield rest;
      for (const odd of spoil(item)) yield { ...value, [name]: odd };
    }
  }
}

function* wrongRequests(key: string, good: Given): Generator<Given> {
  const { path, query, body, bodyRequired: isRequired } = document.operations[key] ?? {};
  if (body !== undefined)
    // `null` for a body that may be absent is none.
    for (const odd of spoil(good.body ?? {}))
      if (!isAllowed(body, odd) && (odd !== null || isRequired)) yield { ...good, body: odd };
  for (const name of Object.keys(good.path ?? {}))
    for (const odd of ['x', 'con_', ' ', 'x'.repeat(1_100)]) {
      const wrong = { ...good.path, [name]: odd };
      if (!isAllowed(path, wrong)) yield { ...good, path: wrong };
    }
  if (query?.properties?.take) for (const take of ['0', '101', '-1', 'x', '1.5']) yield { ...good, query: { take } };
  if (query !== undefined) yield { ...good, query: { unexpected: 'x' } };
}

/** Requests with one token: it is good for ten minutes, and each request takes a second of the clock. */
const AT_ONCE = 300;

test.each(KEYS)('%s, in every way that the document forbids: 400, and nothing changes', async (key) => {
  const all = [...wrongRequests(key, went.get(key) ?? {})];
  const { body, path, query } = document.operations[key] ?? {};
  expect(all.length > 0).toBe(body !== undefined || path !== undefined || query !== undefined);
  for (let from = 0; from < all.length; from += AT_ONCE) {
    ada = await api.administrator();
    const before = await stage.instance.snapshot();
    for (const wrong of all.slice(from, from + AT_ONCE)) {
      const { status } = await send(key, wrong);
      const shown = JSON.stringify(wrong).slice(0, 300);
      expect([shown, status]).toEqual([shown, 400]);
    }
    expect(DOCUMENTED_ANSWERS[key]?.statuses).toContain(400);
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
  }
});

test('attack=mass assignment: an operation without a body takes no property', () => {
  const without = KEYS.filter((key) => document.operations[key]?.body === undefined && !key.startsWith('get '));
  expect(without).toContain('post /identity-providers/{idp_id}/provisioning');
  for (const key of without) {
    expect(findInvalid(key, 'body', { mapping: [] }), key).toMatchObject([{ pointer: '/mapping' }]);
    expect(findInvalid(key, 'body', {}), key).toEqual([]);
  }
});
