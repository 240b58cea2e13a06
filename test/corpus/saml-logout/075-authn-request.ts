/** Signed by the IdP, but it asks for something else. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'an AuthnRequest in place of the request',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.xml',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ root: 'AuthnRequest' })) }),
};
