/** Story 22: a session from Acme's IdP is good for Acme, and for no other organization of the same person. */
import { beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, type Place } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { answerOf, proveByPassword, useStage } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  let dana: string;
  let beta: Place;

  beforeAll(async () => {
    dana = await stage.cast.createMember('dana@acme.example');
    beta = await stage.cast.createPlace('beta', {});
    await stage.instance.api('POST', `/organizations/${beta.id}/members`, { members: [dana] });
  });

  test('a member of two organizations is linked by Acme only after a proof, although the domain is proved', async () => {
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    const page = await visitor.throughSso('dana', 'dana@acme.example');
    expect(page.url.pathname).toBe('/u/proof');
    await expectNothingLeft(stage.instance, before, 'secret');
    const { claims } = await visitor.redeem(await proveByPassword(visitor, page, PASSWORD));
    expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
  });

  test('her session opens Acme again, but Beta asks her to sign in', async () => {
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
    expect(answerOf(await visitor.open())).toHaveProperty('code');
    const before = await stage.instance.snapshot();
    const silent = await visitor.open({ organization: beta.id, prompt: 'none' });
    expect(answerOf(silent)).toMatchObject({ error: 'login_required', error_description: 'Login required' });
    expect(await stage.refusal(silent)).toMatchObject({
      type: 'fsa',
      details: { code: 'authenticate.session_not_usable' },
    });
    const page = await visitor.open({ organization: beta.id });
    expect(page.url.pathname).toBe('/u/login/identifier');
    await expectNothingLeft(stage.instance, before);
    const forced = await visitor.open({ organization: beta.id, connection: stage.cast.acme.connectionName });
    expect(answerOf(forced)).toMatchObject({ error: 'access_denied' });
    expect((await stage.refusal(forced)).details.code).toBe('identify.connection_not_enabled');
  });

  test('with her password she enters Beta, and that session opens Acme too: both enabled the password', async () => {
    const visitor = stage.visitor();
    const answer = await visitor.withPassword('dana@acme.example', PASSWORD, { organization: beta.id });
    expect((await visitor.redeem(answer)).claims).toMatchObject({ sub: dana, org_id: beta.id });
    const { claims } = await visitor.redeem(await visitor.open());
    expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
  });

  test('once Beta enables the connection, and not before, the session is good for Beta', async () => {
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
    await stage.instance.api('POST', `/organizations/${beta.id}/enabled_connections`, {
      connection_id: stage.cast.acme.connectionId,
    });
    const before = await stage.instance.snapshot();
    const { claims } = await visitor.redeem(await visitor.open({ organization: beta.id }));
    expect(claims).toMatchObject({ sub: dana, org_id: beta.id });
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.sessions?.added, 'the same session, used again').toHaveLength(1);
    expect(changed.sessions?.removed).toHaveLength(1);
    await stage.instance.api('DELETE', `/organizations/${beta.id}/enabled_connections/${stage.cast.acme.connectionId}`);
    const again = await visitor.open({ organization: beta.id, prompt: 'none' });
    expect(answerOf(again).error).toBe('login_required');
  });

  test('a refresh token of Acme gives nothing for Beta', async () => {
    const visitor = stage.visitor();
    const { refreshToken } = await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
    const response = await fetch(`${stage.instance.origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: stage.cast.client.id,
        client_secret: stage.cast.client.secret,
        organization: beta.id,
      }),
    });
    const body = (await response.json()) as { id_token?: string };
    const claims = JSON.parse(Buffer.from(body.id_token?.split('.')[1] ?? 'e30', 'base64url').toString()) as {
      org_id?: string;
    };
    expect(claims.org_id).not.toBe(beta.id);
  });
});
