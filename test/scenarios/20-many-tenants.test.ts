/**
 * Story 20, of one strategy alone: one connection for all tenants of Entra (`useCommonEndpoint`), enabled for an organization that has proved its domain. The attack ("nOAuth"):
 * an administrator of any other tenant types an address of that domain into an account of theirs and signs in.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { asEntraWrites, guidOf } from '../support/providers.js';
import { type Person, type ScriptedIdp, startScriptedIdp } from '../support/scripted-idp.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage();
const HOST = 'https://login.microsoftonline.com';
const DANA = { sub: 'dana', tenant: 'acme', email: 'dana@acme.example', email_verified: true };
const people: Record<string, Person> = {
  dana: DANA,
  // Of the other tenant's own making: the address, and an object id that reads like Dana's.
  thief: { ...DANA, tenant: 'evil', sub: 'thief', email_verified: false },
  twin: { ...DANA, tenant: 'evil', email: undefined as never },
  heir: { ...DANA, tenant: 'evil', sub: 'heir' },
  guest: { sub: 'guest', tenant: 'evil', email: 'guest@acme.example' },
};
/** Writes a person as their own tenant does. */
const speak = ({ tenant, ...person }: Person): Json => {
  const tid = guidOf(String(tenant));
  return { iss: `${HOST}/${tid}/v2.0`, ...asEntraWrites(tid)(person as Person) };
};

let idp: ScriptedIdp;
let dana: string;
const CONNECTION = 'microsoft';
let connectionId: string;

const enter = async (login: string) => {
  const visitor = stage.visitor();
  const page = await visitor.open({ connection: CONNECTION });
  return { visitor, answer: await visitor.signInAtIdp(page, login) };
};
const refusalOf = async (login: string) => {
  const before = await stage.instance.snapshot();
  const { answer } = await enter(login);
  expect(answerOf(answer)).toMatchObject({ error: 'access_denied' });
  await expectNothingLeft(stage.instance, before);
  return (await stage.refusal(answer)).details.code;
};

beforeAll(async () => {
  idp = await startScriptedIdp({
    people,
    publicUrl: `${HOST}/organizations/v2.0`,
    documentIssuer: `${HOST}/{tenantid}/v2.0`,
    speak,
  });
  const { api } = stage.instance;
  const created = await api('POST', '/connections', {
    name: CONNECTION,
    strategy: 'waad',
    options: {
      useCommonEndpoint: true,
      userid_attribute: 'oid',
      client_id: idp.clientId,
      client_secret: idp.clientSecret,
      domain_aliases: ['acme.example'],
    },
  });
  connectionId = created.id as string;
  expect(created.discovery).toMatchObject({ status: 'ok', issuer: `${HOST}/{tenantid}/v2.0` });
  await api('POST', `/organizations/${stage.cast.acme.id}/enabled_connections`, { connection_id: connectionId });
  dana = await stage.cast.createMember('dana@acme.example');
});
afterAll(() => idp.stop());

test('before Dana came by it, no other tenant gets her seat by writing her address', async () => {
  expect(await refusalOf('thief')).toBe('admit.not_a_member');
});

test('an invitation of the address opens for nobody whose tenant merely wrote it down', async () => {
  const invitation = await stage.cast.invite('guest@acme.example', { connectionId });
  const visitor = stage.visitor();
  const answer = await visitor.signInAtIdp(await visitor.accept(invitation), 'guest');
  // The code goes to the mailbox, which the other tenant does not read.
  expect(answer.text).toContain('code');
  expect(answer.url.searchParams.get('code')).toBeNull();
});

test('Dana, who has used her seat, comes by her own tenant as the user that she was', async () => {
  const early = stage.visitor();
  await early.redeem(await early.withPassword('dana@acme.example'));
  const { visitor, answer } = await enter('dana');
  expect((await visitor.redeem(answer)).claims).toMatchObject({ sub: dana, email: 'dana@acme.example' });
});

test('then the same object id at another tenant is a stranger, and no one is told of a changed issuer', async () => {
  expect(await refusalOf('twin')).toBe('admit.not_a_member');
});

test('nor does a tenant get the seat that proved the domain at Entra since: it is bound to another person', async () => {
  expect(await refusalOf('heir')).toBe('admit.not_a_member');
});

test('an identity is prepared by its address, not by an object id that each tenant may have', async () => {
  const { api } = stage.instance;
  const path = `/users/${encodeURIComponent(await stage.cast.createMember('sam@acme.example'))}/identities`;
  const identity = { provider: 'waad', connection_id: connectionId };
  const refused = await api('POST', path, { ...identity, user_id: guidOf('sam') }, 400);
  expect(refused.message).toMatch(/does not say whose person it is/);
  await api('POST', path, { ...identity, expected_email: 'sam@acme.example' }, 201);
  const lines = { connection_id: connectionId, identities: [{ user_id: dana, subject: guidOf('dana') }] };
  await api('POST', `/organizations/${stage.cast.acme.id}/expected-identities`, lines, 400);
});

test('with the one tenant pinned, its people stay who they are and the others are told apart', async () => {
  const { api } = stage.instance;
  const changed = await api('PATCH', `/connections/${connectionId}?check_discovery=false`, {
    options: { tenantId: guidOf('acme'), client_id: idp.clientId, client_secret: idp.clientSecret, domain_aliases: [] },
  });
  expect(changed.warnings).toBeUndefined();
  const elsewhere = await api('PATCH', `/connections/${connectionId}?check_discovery=false`, {
    options: { tenantId: guidOf('evil'), client_id: idp.clientId },
  });
  expect(elsewhere.warnings).toMatchObject([
    { id: 'client_secret_removed' },
    { id: 'people_of_former_issuer', former_issuer: `${HOST}/${guidOf('acme')}/v2.0`, people: 1 },
  ]);
});
