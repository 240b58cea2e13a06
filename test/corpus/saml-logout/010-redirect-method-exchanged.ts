/** The method is a part of what is signed. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'another method than the one that was signed',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.certificate',
  build: (kit) => ({
    input: kit.redirect(toLogoutXml(), { patch: (query) => query.replace('rsa-sha256', 'rsa-sha512') }),
  }),
};
