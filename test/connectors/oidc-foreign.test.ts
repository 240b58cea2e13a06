/**
 * Sign-in at an identity provider that somebody else wrote: as itself, back channel and front channel, and in the roles of Entra and Google,
 * where it has to keep the whole contract.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOidcConnector } from '../../src/connectors/oidc/connector.js';
import { createOutboundFetch } from '../../src/connectors/outbound/fetch.js';
import type { Connection } from '../../src/domain/tenant.js';
import { systemClock } from '../../src/kernel/clock.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { type ConnectorRig, describeRedirectConnector } from '../conformance/connector-contract.js';
import { type ForeignIdp, type ForeignRole, startForeignIdp } from '../support/foreign-idp.js';
import { CALLBACK, connectionWith, newWay } from '../support/oidc-rig.js';
import { guidOf } from '../support/providers.js';
import { reachStandIns } from '../support/stand-ins.js';

const LIMITS = { allow: ['127.0.0.0/8'], maxBytes: 1_000_000, timeoutMs: 5000 };
const keys = { findCurrent: async () => undefined };
const newConnector = () => {
  const fetch = reachStandIns(createOutboundFetch(LIMITS));
  return { fetch, connector: createOidcConnector({ fetch, clock: systemClock, entropy: systemEntropy, keys }) };
};

describe('oidc-provider', () => {
  let idp: ForeignIdp;
  const { fetch, connector } = newConnector();
  beforeAll(async () => {
    idp = await startForeignIdp(CALLBACK);
  });
  afterAll(async () => {
    await fetch.close();
    await idp.stop();
  });

  test.each(['back_channel', 'front_channel'])('over the %s proves Dana', async (type) => {
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
});

const TENANT = guidOf('acme');
const ENTRA = 'https://login.microsoftonline.com';
const entraClaims = (login: string) => ({
  tid: TENANT,
  oid: guidOf(login),
  email: `${login}@acme.example`,
  xms_edov: true,
  name: login,
});
const roles: readonly [string, Connection['strategy'], Connection['options'], ForeignRole, string][] = [
  [
    'as Entra, one tenant',
    'waad',
    { tenantId: TENANT },
    { issuer: `${ENTRA}/${TENANT}/v2.0`, claims: entraClaims },
    guidOf('dana'),
  ],
  [
    'as Entra, many tenants',
    'waad',
    { useCommonEndpoint: true },
    {
      issuer: `${ENTRA}/${TENANT}/v2.0`,
      publicUrl: `${ENTRA}/organizations/v2.0`,
      documentIssuer: `${ENTRA}/{tenantid}/v2.0`,
      claims: entraClaims,
    },
    'dana',
  ],
  [
    'as Google',
    'google-apps',
    { tenant_domain: 'acme.example' },
    {
      issuer: 'https://accounts.google.com',
      claims: (login) => ({ hd: 'acme.example', email: `${login}@acme.example`, email_verified: true, name: login }),
    },
    'dana',
  ],
];

for (const [name, strategy, options, role, subject] of roles) {
  describeRedirectConnector(`oidc-provider ${name}`, async (): Promise<ConnectorRig> => {
    const idp = await startForeignIdp(CALLBACK, role);
    const { fetch, connector } = newConnector();
    const secrets = { client_id: idp.clientId, client_secret: idp.clientSecret };
    return {
      connector,
      connection: connectionWith({ ...secrets, ...options }, { strategy }),
      person: { login: 'dana', subject, email: 'dana@acme.example' },
      signIn: idp.signIn,
      stopIdp: idp.stop,
      async stop() {
        await fetch.close();
        await idp.stop();
      },
    };
  });
}
