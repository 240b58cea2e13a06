/** Two spellings of the same bytes. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the message is not base64',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.base64',
  build: (kit) => ({
    input: kit.redirect(toLogoutXml(), { patch: (query) => query.replace('SAMLRequest=', 'SAMLRequest=*') }),
  }),
};
