/**
 * Attack: the settings of a login are replaced while the person is somewhere on the way. The login at the picker was proved by a
 * connection that has another issuer and client by now (its operator may have found out that the old one lied); the address that the
 * code is to be sent to was taken from the application (it was a leaked domain).
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { CALLBACK, type Place } from '../support/cast.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { useStage, wordsOf } from '../support/stage.js';

const stage = useStage({
  clientFields: { organization_usage: 'allow', organization_require_behavior: 'post_login_prompt' },
});
const NOWHERE_YET = { organization: '' };
let beta: Place;

beforeAll(async () => {
  beta = await stage.cast.createPlace('beta', {});
  const { api } = stage.instance;
  const { connectionId } = stage.cast.acme;
  await api('POST', `/organizations/${beta.id}/enabled_connections`, { connection_id: connectionId });
  await api('PATCH', `/connections/${connectionId}/clients`, [{ client_id: stage.cast.client.id, status: true }]);
  const dana = await stage.cast.createMember('dana@acme.example');
  const first = stage.visitor();
  await first.redeem(await first.throughSso('dana', 'dana@acme.example'));
  await api('POST', `/organizations/${beta.id}/members`, { members: [dana] });
});

describe('at the picker', () => {
  test.each([
    ['an identity', () => stage.visitor(), 'sso'],
    ['a password', () => stage.visitor(), 'password'],
  ])('%s is not good for a connection that has changed since', async (_name, makeVisitor, way) => {
    const { api } = stage.instance;
    const visitor = makeVisitor();
    const picker =
      way === 'sso'
        ? await visitor.throughSso('dana', 'dana@acme.example', NOWHERE_YET)
        : await visitor.withPassword('dana@acme.example', undefined, NOWHERE_YET);
    expect(picker.url.pathname).toBe('/u/organization-picker');
    const path = `/connections/${way === 'sso' ? stage.cast.acme.connectionId : stage.cast.databaseId}`;
    const { options } = await api('GET', path);
    await api('PATCH', path, { options: { ...(options as object), client_secret: stage.cast.idp.clientSecret } });
    const before = await stage.instance.snapshot();
    const page = await visitor.browser.submit(picker, { organization: beta.id });
    expect(wordsOf(page)).toContain('Sign in again');
    expect((await stage.refusal(page)).details.code).toBe('identify.connection_changed');
    await expectNothingLeft(stage.instance, before);
  });
});

describe('an address that was taken from the application meanwhile gets nothing', () => {
  const withoutCallback = async (work: () => Promise<void>) => {
    const client = `/clients/${stage.cast.client.id}`;
    await stage.instance.api('PATCH', client, { callbacks: ['https://elsewhere.example/callback'] });
    await work().finally(() => stage.instance.api('PATCH', client, { callbacks: [CALLBACK] }));
  };

  test('no code, when the person comes back from the company', async () => {
    const visitor = stage.visitor();
    const page = await visitor.type(await visitor.open(), 'dana@acme.example');
    await withoutCallback(async () => {
      const before = await stage.instance.snapshot();
      const answer = await visitor.signInAtIdp(page, 'dana');
      expect(answer.url.origin, 'a page of ours').toBe(stage.instance.origin);
      expect((await stage.refusal(answer)).details.code).toBe('identify.callback_mismatch');
      expect(answer.text).not.toContain('127.0.0.1:9/callback');
      await expectNothingLeft(stage.instance, before);
    });
  });

  test('nothing at all, from the picker or under prompt=none', async () => {
    const visitor = stage.visitor();
    const picker = await visitor.withPassword('dana@acme.example', undefined, NOWHERE_YET);
    await withoutCallback(async () => {
      const page = await visitor.browser.submit(picker, { organization: beta.id });
      expect(page.url.origin).toBe(stage.instance.origin);
      const silent = await visitor.open({ organization: beta.id, prompt: 'none' });
      expect(silent.url.origin).toBe(stage.instance.origin);
    });
  });
});
