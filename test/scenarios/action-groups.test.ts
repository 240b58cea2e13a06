/**
 * Claims of the company at the root of `event.user`, as Actions for Auth0 read them: an Action that refuses a group refuses it in a login, in
 * a session, after the picker and at a refresh; and no provider takes the place of what the tenant has stored.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useActions } from '../support/actions.js';
import type { Visitor } from '../support/cast.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { answerOf, proveByCode, useStage } from '../support/stage.js';

const SEEN = 'https://n.example/seen';
const CODE = `exports.onExecutePostLogin = async (event, api) => {
  const groups = [event.user.groups ?? []].flat();
  if (groups.includes('contractors')) return api.access.deny('No contractors.');
  const { app_metadata, user_id, blocked, username, department } = event.user;
  api.idToken.setCustomClaim(${JSON.stringify(SEEN)}, { groups, app_metadata, user_id, blocked, username, department });
};`;

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  let remove: () => Promise<void>;
  let dana: string;

  beforeAll(async () => {
    dana = await stage.cast.createMember('dana@acme.example');
    remove = await useActions(stage.instance, 'post-login', { name: 'no contractors', code: CODE });
    if (strategy === 'samlp') await mapAttributes();
  });
  afterAll(() => remove());

  /** The attributes as this provider names them, so that the claims have the names of the others. */
  const mapAttributes = async () => {
    const path = `/connections/${stage.cast.acme.connectionId}`;
    const { options } = await stage.instance.api<{ options: Record<string, unknown> }>('GET', path);
    const names = ['groups', 'department', 'app_metadata', 'blocked', 'username'];
    const fieldsMap = Object.fromEntries(names.map((name) => [name, `http://schemas.passportjs.com/${name}`]));
    await stage.instance.api('PATCH', path, { options: { ...options, fieldsMap } });
  };

  const say = (groups: readonly string[], more: Readonly<Record<string, unknown>> = {}) => {
    stage.cast.people.dana = { sub: 'idp-dana', email: 'dana@acme.example', email_verified: true, groups, ...more };
  };
  const behave = (behavior: string) =>
    stage.instance.api('PATCH', `/clients/${stage.cast.client.id}`, {
      organization_usage: 'require',
      organization_require_behavior: behavior,
    });
  const come = (visitor: Visitor) => visitor.throughSso('dana', 'dana@acme.example');
  const seen = async (visitor: Visitor, visit: Awaited<ReturnType<typeof come>>) =>
    (await visitor.redeem(visit)).claims[SEEN] as Record<string, unknown>;

  test('a first login, a session, and a refusal as soon as the company says so', async () => {
    say(['staff', 'berlin'], { department: 'Sales' });
    const visitor = stage.visitor();
    let page = await come(visitor);
    if (page.url.pathname === '/u/proof')
      page = await proveByCode(visitor, page, await stage.mailedCode('dana@acme.example'));
    const told = { groups: ['staff', 'berlin'], user_id: dana, app_metadata: {}, department: 'Sales' };
    expect(await seen(visitor, page)).toEqual(told);
    expect(await seen(visitor, await visitor.open({ prompt: 'none' }))).toEqual(told);
    say(['staff', 'contractors']);
    const before = await stage.instance.snapshot();
    expect(answerOf(await come(stage.visitor())).error_description).toContain('No contractors.');
    await expectNothingLeft(stage.instance, before);
  });

  test('no field that this server speaks for is taken from a provider', async () => {
    say(['staff', 'b'], { app_metadata: 'theirs', user_id: 'auth0|other', blocked: 'no', username: 'root' });
    const visitor = stage.visitor();
    expect(await seen(visitor, await come(visitor))).toEqual({
      groups: ['staff', 'b'],
      user_id: dana,
      app_metadata: {},
    });
  });

  test('after the picker: what the company said in this login, which the next session sees as well', async () => {
    await stage.instance.api('PATCH', `/connections/${stage.cast.acme.connectionId}/clients`, [
      { client_id: stage.cast.client.id, status: true },
    ]);
    await behave('post_login_prompt');
    try {
      const atAcme = async (visitor: Visitor) =>
        visitor.signInAtIdp(
          await visitor.open({ organization: '', connection: stage.cast.acme.connectionName }),
          'dana',
        );
      say(['staff', 'moved']);
      const visitor = stage.visitor();
      expect((await seen(visitor, await atAcme(visitor))).groups).toEqual(['staff', 'moved']);
      expect((await seen(visitor, await visitor.open({ prompt: 'none' }))).groups).toEqual(['staff', 'moved']);
      // Another address has nobody's word yet; the same one keeps the word that it had.
      const vouched = async () => {
        const { rows } = await stage.instance.database.pool.query<{ email: string; by: string | null }>(
          "select profile ->> 'email' as email, email_vouched_by as by from identities where user_id = $1 and connection_id = $2",
          [dana, stage.cast.acme.connectionId],
        );
        return rows[0];
      };
      const kept = await vouched();
      expect(kept).toEqual({ email: 'dana@acme.example', by: expect.any(String) });
      say(['staff', 'moved'], { email: 'dana@elsewhere.example' });
      const elsewhere = stage.visitor();
      await seen(elsewhere, await atAcme(elsewhere));
      expect(await vouched()).toEqual({ email: 'dana@elsewhere.example', by: null });
      say(['contractors', 'moved']);
      const before = await stage.instance.snapshot();
      expect(answerOf(await atAcme(stage.visitor())).error_description).toContain('No contractors.');
      await expectNothingLeft(stage.instance, before);
    } finally {
      await behave('no_prompt');
    }
  });

  test('too many to keep while an address is proved: the Action that reads them stops, and nothing is left', async () => {
    await stage.cast.createMember('uma@acme.example', { verified: false });
    const groups = ['contractors', ...Array.from({ length: 200 }, () => randomUUID())];
    stage.cast.people.uma = { sub: 'idp-uma', email: 'uma@acme.example', email_verified: true, groups };
    const visitor = stage.visitor();
    const page = await visitor.throughSso('uma', 'uma@acme.example');
    expect(page.url.pathname).toBe('/u/proof');
    const before = await stage.instance.snapshot();
    const refused = await proveByCode(visitor, page, await stage.mailedCode('uma@acme.example'));
    const line = await stage.refusal(refused);
    expect(line.description).toContain('event.user.groups was too long to keep');
    expect(line.details.code).toBe('act.failed');
    await expectNothingLeft(stage.instance, before, 'secret');
  });
});
