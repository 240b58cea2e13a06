/** `check` of an identity provider: the fault of the last sign-in through it, for the administrator who connected it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import { type Administrator, type MyOrganization, myOrg, registerMyOrganization } from '../support/my-organization.js';
import { type ScriptedIdp, startScriptedIdp } from '../support/scripted-idp.js';
import { useStage, wordsOf } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
const DOMAIN = 'checked.example';
let api: MyOrganization;
let ada: Administrator;
let idp: ScriptedIdp;
let made: Json;

const call = (method: string, path: string, body?: unknown) => {
  clock.advanceMs(2_000);
  return myOrg(stage, ada.token, method, path, body);
};
const optionsWith = (client_secret: string) => ({
  ...{ type: 'back_channel', discovery_url: `${idp.issuer}/.well-known/openid-configuration` },
  ...{ client_id: idp.clientId, client_secret },
});
const setSecret = async (secret: string) => {
  const { status } = await call('PATCH', `/identity-providers/${made.id}`, { options: optionsWith(secret) });
  expect(status).toBe(200);
  clock.advanceMs(2_000);
};
const signIn = () => stage.visitor().throughSso('dana', `dana@${DOMAIN}`);
/** Reads the identity provider alone and in the list, which say the same. */
async function readCheck(): Promise<unknown> {
  const { body } = await call('GET', `/identity-providers/${made.id}`);
  const list = (await call('GET', '/identity-providers')).body.identity_providers as Json[];
  expect(list.find(({ id }) => id === made.id)).toEqual(body);
  return body.check;
}

const REFUSED = {
  result: 'token.refused',
  message: expect.stringMatching(
    /^Your provider did not accept the client ID or the secret\. Copy both again\. \(token/,
  ),
  checked_at: expect.any(String),
};

beforeAll(async () => {
  idp = await startScriptedIdp({
    people: { dana: { sub: 'dana', email: `dana@${DOMAIN}`, email_verified: true } },
    clock,
  });
  api = await registerMyOrganization(stage);
  ada = await api.administrator();
  await stage.cast.createMember(`dana@${DOMAIN}`);
  const { body } = await call('POST', '/domains', { domain: DOMAIN });
  await stage.instance.database.pool.query(
    `update discovery_domains set status = 'verified', proof = 'dns', checked_at = $2, expires_at = $2::timestamptz + interval '7 days'
     where id = $1`,
    [body.id, clock.now()],
  );
  const sent = { name: 'checked', strategy: 'oidc', display_name: 'Checked', options: optionsWith('wrong') };
  made = (await call('POST', '/identity-providers', sent)).body;
  await call('POST', `/identity-providers/${made.id}/domains`, { domain: DOMAIN });
});
afterAll(() => idp?.stop());

test('a wrong secret: the person reads that it did not work, the administrator what to change', async () => {
  expect(await readCheck()).toBeUndefined();
  const refused = await signIn();
  expect(refused.status).toBe(502);
  expect(wordsOf(refused)).toContain('did not pass our checks');
  expect(wordsOf(refused)).not.toContain('secret');
  expect(await readCheck()).toEqual(REFUSED);
});

test('other settings: what was wrong with those before is not said any more', async () => {
  await setSecret('another wrong one');
  expect(await readCheck()).toBeUndefined();
  await signIn();
  expect(await readCheck()).toEqual(REFUSED);
});

test('a sign-in that works ends it', async () => {
  const { rows } = await stage.instance.database.pool.query<{ updated_at: Date }>(
    'select updated_at from connections where id = $1',
    [made.id],
  );
  await setSecret(idp.clientSecret);
  // As if the settings had been right all the time: the sign-in alone ends it.
  await stage.instance.database.pool.query('update connections set updated_at = $2 where id = $1', [
    made.id,
    rows[0]?.updated_at,
  ]);
  expect(await readCheck()).toEqual(REFUSED);
  const visitor = stage.visitor();
  await visitor.redeem(await visitor.throughSso('dana', `dana@${DOMAIN}`));
  expect(await readCheck()).toBeUndefined();
});

test('after a day it is not said any more', async () => {
  await setSecret('wrong again');
  await signIn();
  expect(await readCheck()).toEqual(REFUSED);
  clock.advanceMs(86_400_000);
  ada = await api.administrator();
  expect(await readCheck()).toBeUndefined();
});

test('attack=an administrator reads what the operator’s provider answered: only those who can change it do', async () => {
  const take = (managed_by_organization: string | null) =>
    stage.instance.api('PATCH', `/connections/${made.id}`, { managed_by_organization });
  await signIn();
  expect(await readCheck()).toEqual(REFUSED);
  await take(null);
  await stage.instance.database.pool.query(
    "update connections set updated_at = updated_at - interval '1 hour' where id = $1",
    [made.id],
  );
  const { body } = await call('GET', `/identity-providers/${made.id}`);
  expect(body).toMatchObject({ id: made.id, access_level: 'limited' });
  expect(body.check).toBeUndefined();
});
