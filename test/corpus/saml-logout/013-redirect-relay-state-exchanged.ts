/** The same with another value. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'RelayState was exchanged after the signature',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.certificate',
  build: (kit) => ({
    input: kit.redirect(toLogoutXml(), {
      relayState: 'here',
      patch: (query) => query.replace('RelayState=here', 'RelayState=there'),
    }),
  }),
  twin: (kit) => ({ input: kit.redirect(toLogoutXml(), { relayState: 'here' }) }),
};
