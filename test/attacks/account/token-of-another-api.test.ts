/** A token of the My Account API used at other APIs of this server, and theirs used there. */
import { beforeAll, expect, test } from 'vitest';
import { ME_SCOPES, METHODS_PATH, me, myToken, registerMyAccount } from '../../support/my-account.js';
import { useStage } from '../../support/stage.js';

const stage = useStage();

beforeAll(async () => {
  await registerMyAccount(stage);
  await stage.cast.createMember('kim@acme.example');
});

const ask = (path: string, token: string) =>
  fetch(`${stage.instance.origin}${path}`, { headers: { authorization: `Bearer ${token}` } });

test('a token of the My Account API opens nothing else, except /userinfo with openid', async () => {
  const token = await myToken(stage, stage.visitor(), 'kim@acme.example');
  expect((await ask('/api/v2/users', token)).status).toBe(401);
  expect((await ask('/mfa/authenticators', token)).status).toBeGreaterThanOrEqual(400);
  expect((await ask('/scim/v2/connections/x/Users', token)).status).toBeGreaterThanOrEqual(400);
});

test('other tokens do not open it: of /userinfo, of the Management API, an ID token, one of a machine', async () => {
  const visitor = stage.visitor();
  const { accessToken, idToken } = await visitor.redeem(await visitor.withPassword('kim@acme.example'));
  const api = await fetch(`${stage.instance.origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'client_credentials', client_id: stage.cast.client.id, client_secret: stage.cast.client.secret },
      audience: `${stage.instance.origin}/me/`,
    }),
  });
  expect(api.status).toBeGreaterThanOrEqual(400);
  for (const token of [accessToken, idToken, 'not.a.token'])
    expect((await me(stage, token, 'GET', METHODS_PATH)).status).toBe(401);
});

test('an application without a client grant gets no token for it', async () => {
  const client = await stage.instance.api('POST', '/clients', {
    ...{ name: 'Greedy', app_type: 'regular_web', callbacks: ['http://127.0.0.1:9/callback'] },
  });
  const visitor = stage.visitor();
  const page = await visitor.open({
    ...{ client_id: String(client.client_id), audience: `${stage.instance.origin}/me/`, scope: ME_SCOPES.join(' ') },
  });
  expect(page.url.searchParams.get('error') ?? String(page.status)).not.toBe('200');
  expect(page.url.searchParams.get('code')).toBeNull();
});
