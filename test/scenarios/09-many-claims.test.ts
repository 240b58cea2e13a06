/** Story 09, with an IdP that says a great deal about everybody: what is asked still fits into the browser's cookies. */
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { proveByCode, useStage } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });

  /** Random, so that they cannot be packed into less. */
  const groups = Array.from({ length: 200 }, () => randomUUID());

  test('two hundred groups: Uma is asked, proves the account, and is in', async () => {
    const uma = await stage.cast.createMember('uma@acme.example', { verified: false });
    stage.cast.people.uma = { sub: 'idp-uma', email: 'uma@acme.example', email_verified: true, groups };
    const visitor = stage.visitor();
    const page = await visitor.throughSso('uma', 'uma@acme.example');
    expect(page.url.pathname).toBe('/u/proof');
    const { claims } = await visitor.redeem(
      await proveByCode(visitor, page, await stage.mailedCode('uma@acme.example')),
    );
    expect(claims.sub).toBe(uma);
  });

  test('an application whose own parameters fill a cookie costs nobody the login: it takes several', async () => {
    await stage.cast.createMember('ute@acme.example', { verified: false });
    stage.cast.people.ute = {
      ...{ sub: 'idp-ute', email: 'ute@acme.example', email_verified: true },
      ...Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`claim${index}`, randomUUID()])),
    };
    const random = (characters: number) => randomBytes(characters).toString('base64url').slice(0, characters);
    const visitor = stage.visitor();
    const page = await visitor.throughSso('ute', 'ute@acme.example', {
      state: random(1500),
      nonce: random(500),
      scope: `openid ${random(900)}`,
    });
    expect(page.url.pathname).toBe('/u/proof');
    await visitor.redeem(await proveByCode(visitor, page, await stage.mailedCode('ute@acme.example')));
  });
});
