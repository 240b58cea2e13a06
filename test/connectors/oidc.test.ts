import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOidcConnector } from '../../src/connectors/oidc/connector.js';
import { createOutboundFetch } from '../../src/connectors/outbound/fetch.js';
import { systemClock } from '../../src/kernel/clock.js';
import type { ScriptedIdp } from '../support/scripted-idp.js';
import { startScriptedIdp } from '../support/scripted-idp.js';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await startScriptedIdp({ people: { dana: { sub: 'd-1', email: 'dana@acme.example', email_verified: true } } });
});
afterAll(() => idp.stop());

test('a login', async () => {
  const fetch = createOutboundFetch({ allow: ['127.0.0.0/8'], maxBytes: 1_000_000, timeoutMs: 2000 });
  const connector = createOidcConnector({ fetch, clock: systemClock });
  const connection = {
    id: 'con_1',
    name: 'acme',
    strategy: 'oidc' as const,
    displayName: undefined,
    domainAliases: [],
    revision: '1',
    options: { issuer: idp.issuer, client_id: idp.clientId, client_secret: idp.clientSecret },
  };
  const secrets = { state: 's'.repeat(43), nonce: 'n'.repeat(43), codeVerifier: 'v'.repeat(43) };
  const started = await connector.start(connection, secrets, 'http://localhost/login/callback', { loginHint: 'dana' });
  if (!started.ok) throw new Error(started.detail);
  const back = await idp.signIn(started.url, 'dana');
  const answer = await connector.finish(connection, secrets, 'http://localhost/login/callback', back);
  expect(answer).toMatchObject({ ok: true, identity: { subject: 'd-1', emailVerified: true } });
  await fetch.close();
});
