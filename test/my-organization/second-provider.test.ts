/**
 * A company moves to another identity provider, without the operator. Its administrator does not change the issuer of the
 * connection, which would refuse everybody, but connects the new provider beside it: people keep their accounts.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diffSnapshots } from '../support/database.js';
import type { Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import { type Administrator, myOrg, registerMyOrganization } from '../support/my-organization.js';
import { type ScriptedIdp, startScriptedIdp } from '../support/scripted-idp.js';
import { useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
const DOMAIN = 'moving.example';
let ada: Administrator;
let dana: string;
let before: ScriptedIdp;
let after: ScriptedIdp;
let old: Json;

const call = (method: string, path: string, body?: unknown) => {
  clock.advanceMs(2_000);
  return myOrg(stage, ada.token, method, path, body);
};
const optionsOf = ({ issuer, clientId, clientSecret }: ScriptedIdp) => ({
  ...{ type: 'back_channel', discovery_url: `${issuer}/.well-known/openid-configuration` },
  ...{ client_id: clientId, client_secret: clientSecret },
});
async function connect(name: string, idp: ScriptedIdp): Promise<Json> {
  const body = { name, strategy: 'oidc', display_name: name, options: optionsOf(idp) };
  const { status, body: made } = await call('POST', '/identity-providers', body);
  expect([status, made.detail]).toEqual([201, undefined]);
  return made;
}
/** Signs Dana in, at the provider to which her address leads. */
async function signIn(): Promise<unknown> {
  const visitor = stage.visitor();
  return (await visitor.redeem(await visitor.throughSso('dana', `dana@${DOMAIN}`))).claims.sub;
}

beforeAll(async () => {
  const person = (sub: string) => ({ dana: { sub, email: `dana@${DOMAIN}`, email_verified: true } });
  [before, after] = await Promise.all([
    startScriptedIdp({ people: person('old-dana'), clock }),
    startScriptedIdp({ people: person('new-dana'), clock }),
  ]);
  const api = await registerMyOrganization(stage);
  ada = await api.administrator();
  dana = await stage.cast.createMember(`dana@${DOMAIN}`);
  const { body } = await call('POST', '/domains', { domain: DOMAIN });
  await stage.instance.database.pool.query(
    `update discovery_domains set status = 'verified', proof = 'dns', checked_at = $2, expires_at = $2::timestamptz + interval '7 days'
     where id = $1`,
    [body.id, clock.now()],
  );
  old = await connect('old', before);
  await call('POST', `/identity-providers/${old.id}/domains`, { domain: DOMAIN });
});
afterAll(() => Promise.all([before?.stop(), after?.stop()]));

test('its people sign in as the users that they were', async () => {
  expect(await signIn()).toBe(dana);
});

test('attack=another issuer in place: refused with the words to use, and people still sign in', async () => {
  const stored = await stage.instance.snapshot();
  const { status, body } = await call('PATCH', `/identity-providers/${old.id}`, { options: optionsOf(after) });
  expect([status, body.detail]).toEqual([409, expect.stringContaining('Connect it as a second identity provider')]);
  const { attempt_counters: _, ...changed } = diffSnapshots(stored, await stage.instance.snapshot());
  expect(changed).toEqual({});
  expect(await signIn()).toBe(dana);
});

test('as a second provider that has the domain: the same users, and the old one can be detached', async () => {
  const next = await connect('next', after);
  expect((await call('DELETE', `/identity-providers/${old.id}/domains/${DOMAIN}`)).status).toBe(204);
  expect((await call('POST', `/identity-providers/${next.id}/domains`, { domain: DOMAIN })).status).toBe(201);
  expect(await signIn()).toBe(dana);
  expect((await call('POST', `/identity-providers/${old.id}/detach`)).status).toBe(204);
  expect(await signIn()).toBe(dana);
});

test('an operator hands the connection of a set-up link over, and takes it back: their administrators change it, or read it', async () => {
  const { id: organization, connectionId: id } = stage.cast.acme;
  const give = async (managed_by_organization: string | null) =>
    stage.instance.api('PATCH', `/connections/${id}`, { managed_by_organization });
  const levelOf = async () => (await call('GET', `/identity-providers/${id}`)).body.access_level;
  const rename = async () => (await call('PATCH', `/identity-providers/${id}`, { display_name: 'Ours' })).status;
  await give(organization);
  await stage.instance.api('PATCH', `/organizations/${organization}/connections/${id}`, {
    ...{ organization_connection_name: 'ours', organization_access_level: 'full' },
  });
  expect([await levelOf(), await rename()]).toEqual(['full', 200]);
  await give(null);
  expect([await levelOf(), await rename()]).toEqual(['limited', 403]);
});
