/** Another encoding would be read as this one. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'an encoding that is not spoken',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.parameters',
  build: (kit) => ({ input: kit.redirect(toLogoutXml(), { patch: (query) => `${query}&SAMLEncoding=urn:plain` }) }),
};
