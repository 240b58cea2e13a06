/** Sign-in at an identity provider that somebody else wrote, back channel and front channel. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOidcConnector } from '../../src/connectors/oidc/connector.js';
import { createOutboundFetch } from '../../src/connectors/outbound/fetch.js';
import { systemClock } from '../../src/kernel/clock.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { type ForeignIdp, startForeignIdp } from '../support/foreign-idp.js';
import { CALLBACK, connectionWith, newWay } from '../support/oidc-rig.js';

let idp: ForeignIdp;
const fetch = createOutboundFetch({ allow: ['127.0.0.0/8'], maxBytes: 1_000_000, timeoutMs: 5000 });
const connector = createOidcConnector({ fetch, clock: systemClock, entropy: systemEntropy });
beforeAll(async () => {
  idp = await startForeignIdp(CALLBACK);
});
afterAll(async () => {
  await fetch.close();
  await idp.stop();
});

test.each(['back_channel', 'front_channel'])('oidc-provider over the %s proves Dana', async (type) => {
  const options = { type, discovery_url: idp.issuer, client_id: idp.clientId, client_secret: idp.clientSecret };
  const connection = connectionWith(options, { revision: type });
  const started = await connector.start(connection, newWay(), {
    loginHint: 'dana',
    prompt: ['login'],
    maxAge: 0,
  });
  if (!started.ok) throw new Error(`${started.check}: ${started.detail}`);
  const back = await idp.signIn(started.url, 'dana');
  expect(back.method).toBe(type === 'front_channel' ? 'POST' : 'GET');
  expect(await connector.finish(connection, started.remember, CALLBACK, back)).toMatchObject({
    ok: true,
    identity: {
      issuer: idp.issuer,
      subject: 'dana',
      email: 'dana@acme.example',
      emailVerified: true,
      profile: { name: 'dana' },
    },
  });
});
