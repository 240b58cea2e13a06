/** One request may name several sessions. */

import type { LogoutCase } from './kit.js';
import { sessionIndex, toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'two sessions',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'harmless',
  content: { indexes: ['_one', '_two'] },
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ indexes: sessionIndex('_one') + sessionIndex('_two') })) }),
};
