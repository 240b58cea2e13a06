/**
 * The SAML connector, loaded with the first request that needs it: with its XML packages it is a tenth of a second of the
 * start, and many tenants have no SAML connection. Decides nothing; the connector is the same for all requests.
 */
import type { createSamlConnector, SamlConnectorSettings } from './connector.js';
import { findSamlTransaction } from './relay-state.js';

type Saml = ReturnType<typeof createSamlConnector>;

/** Creates the connector for `samlp`. Loads nothing yet. */
export function createSamlOnDemand(settings: SamlConnectorSettings): Saml {
  let loading: Promise<Saml> | undefined;
  const load = (): Promise<Saml> => {
    loading ??= import('./connector.js').then((module) => module.createSamlConnector(settings));
    return loading;
  };
  return {
    shape: 'redirect',
    findTransaction: findSamlTransaction,
    start: async (...given) => (await load()).start(...given),
    finish: async (...given) => (await load()).finish(...given),
    examine: async (...given) => (await load()).examine(...given),
    toMetadata: async (...given) => (await load()).toMetadata(...given),
    finishUnsolicited: async (...given) => (await load()).finishUnsolicited(...given),
    startLogout: async (...given) => (await load()).startLogout(...given),
    finishLogout: async (...given) => (await load()).finishLogout(...given),
    readLogoutRequest: async (...given) => (await load()).readLogoutRequest(...given),
    answerLogout: async (...given) => (await load()).answerLogout(...given),
  };
}
