/** The binding has its signature in the address; one in the document was for another binding. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the signature is in the document instead of the address',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.signature',
  build: (kit) => ({
    input: kit.redirect(kit.sign(toLogoutXml()), { patch: (query) => query.replace(/&SigAlg=.*/, '') }),
  }),
};
