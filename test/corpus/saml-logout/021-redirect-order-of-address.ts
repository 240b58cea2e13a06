/** Only the text that is signed has an order. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the address has its parameters in another order',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'harmless',
  build: (kit) => ({ input: kit.redirect(toLogoutXml(), { patch: (query) => query.split('&').reverse().join('&') }) }),
};
