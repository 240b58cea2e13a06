/** A SAML connector, a connection and an identity provider, put together for tests. */
import { createOutboundFetch } from '../../../src/connectors/outbound/fetch.js';
import { createSamlConnector } from '../../../src/connectors/saml/connector.js';
import type { Connection } from '../../../src/domain/tenant.js';
import { randomAlphanumeric, systemEntropy } from '../../../src/kernel/ids.js';
import type {
  CallbackInput,
  ConnectorAnswer,
  RedirectConnector,
  RedirectStartOptions,
} from '../../../src/ports/connector.js';
import type { ServiceProvider, ServiceProviderKey } from '../../../src/ports/service-provider.js';
import { createManualClock, type ManualClock } from '../manual-clock.js';
import { type SamlIdp, type SamlIdpSettings, startSamlIdp } from './idp.js';

export const CALLBACK = 'http://localhost:3000/login/callback';
export const DANA = { sub: 'dana-at-the-idp', email: 'dana@acme.example', name: 'Dana Duck' };

export interface SamlRig {
  readonly idp: SamlIdp;
  readonly connector: RedirectConnector & ServiceProvider;
  readonly connection: Connection;
  readonly clock: ManualClock;
  readonly warnings: string[];
  /** The whole way by a redirect: start, sign in at the IdP, finish. */
  login(
    options?: RedirectStartOptions,
    change?: (input: CallbackInput) => CallbackInput,
    connection?: Connection,
  ): Promise<ConnectorAnswer>;
  stop(): Promise<void>;
}

/** Starts all of it; the clock begins at the real time. */
export async function startSamlRig(
  settings: { idp?: Partial<SamlIdpSettings>; options?: Connection['options']; withMetadata?: boolean } = {},
): Promise<SamlRig> {
  const idp = await startSamlIdp({ dana: DANA }, settings.idp);
  const clock = createManualClock();
  const fetch = createOutboundFetch({ allow: ['127.0.0.0/8'], maxBytes: 1_000_000, timeoutMs: 2000 });
  let key: ServiceProviderKey | undefined;
  const warnings: string[] = [];
  const connector = createSamlConnector({
    fetch,
    clock,
    entropy: systemEntropy,
    tenant: 'login.example',
    keys: {
      findKey: async () => key,
      ensureKey: async (make) => {
        key ??= await make();
        return key;
      },
    },
    warn: (fields, message) => warnings.push(`${message} ${JSON.stringify(fields)}`),
  });
  const connection: Connection = {
    id: 'con_AcmeAcmeAcmeAcme',
    name: 'acme-saml',
    strategy: 'samlp',
    displayName: 'Acme',
    domainAliases: [],
    revision: 'r1',
    options: {
      ...((settings.withMetadata ?? true)
        ? { metadataUrl: idp.metadataUrl }
        : { signInEndpoint: idp.ssoUrl, issuer: idp.entityId, signingCert: idp.settings.keys[0]?.cert }),
      ...settings.options,
    },
  };
  return {
    idp,
    connector,
    connection,
    clock,
    warnings,
    async login(options = {}, change = (input) => input, using = connection) {
      const way = { transactionId: randomAlphanumeric(systemEntropy, 16), redirectUri: CALLBACK };
      const started = await connector.start(using, way, options);
      if (!started.ok) return started;
      const back = await idp.signIn(started.url, 'dana');
      return connector.finish(using, started.remember, CALLBACK, change(back));
    },
    async stop() {
      await fetch.close();
      await idp.stop().catch(() => undefined);
    },
  };
}
