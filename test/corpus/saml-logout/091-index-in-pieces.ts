/** The same with one that is no text. */

import type { LogoutCase } from './kit.js';
import { sessionIndex, toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'an element inside the session',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.session_index',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ indexes: sessionIndex('a<saml:x></saml:x>b') })) }),
};
