/** Proxies repair such addresses in different ways. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'characters that must be escaped',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.parameters',
  build: (kit) => ({ input: kit.redirect(toLogoutXml(), { patch: (query) => `${query}&a=\u00e9` }) }),
};
