/** It would go into our own address. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'RelayState is too long',
  source: 'SAML 2.0 Bindings 3.4.3',
  check: 'saml.relay_state',
  build: (kit) => ({ input: kit.redirect(toLogoutXml(), { relayState: 'x'.repeat(1025) }) }),
  twin: (kit) => ({ input: kit.redirect(toLogoutXml(), { relayState: 'x'.repeat(1024) }) }),
};
