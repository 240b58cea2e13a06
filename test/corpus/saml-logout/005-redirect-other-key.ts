/** The forger has a key of their own. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'signed by another key',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.certificate',
  build: (kit) => ({ input: kit.redirect(toLogoutXml(), { key: kit.attacker.privateKey }) }),
};
