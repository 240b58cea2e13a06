/** Which one is signed is not which one is read. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a request and a response in one address',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.parameters',
  build: (kit) => ({ input: kit.redirect(toLogoutXml(), { patch: (query) => `${query}&SAMLResponse=x` }) }),
};
