/** One is signed, the other goes into the answer. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'RelayState is there twice',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.parameters',
  build: (kit) => ({
    input: kit.redirect(toLogoutXml(), { relayState: 'here', patch: (query) => `${query}&RelayState=there` }),
  }),
  twin: (kit) => ({ input: kit.redirect(toLogoutXml(), { relayState: 'here' }) }),
};
