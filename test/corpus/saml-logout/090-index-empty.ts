/** One that is left out would make the request mean all sessions. */

import type { LogoutCase } from './kit.js';
import { sessionIndex, toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'an empty session',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.session_index',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ indexes: sessionIndex('') })) }),
};
