/** Two signatures, of which one is not looked at. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a signature in the document beside that of the address',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.signature',
  build: (kit) => ({ input: kit.redirect(kit.sign(toLogoutXml(), { key: kit.attacker.privateKey })) }),
};
