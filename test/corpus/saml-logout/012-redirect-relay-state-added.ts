/** The answer would carry what the attacker wrote. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'RelayState was added after the signature',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.certificate',
  build: (kit) => ({
    input: kit.redirect(toLogoutXml(), {
      patch: (query) => query.replace('&SigAlg', '&RelayState=https%3A%2F%2Fevil.example&SigAlg'),
    }),
  }),
};
