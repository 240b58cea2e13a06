/** Some verifiers take an empty value for none. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the signature is empty',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.signature',
  build: (kit) => ({
    input: kit.redirect(toLogoutXml(), { patch: (query) => query.replace(/&Signature=.*/, '&Signature=') }),
  }),
};
