/** Without one, all sessions of the person are meant. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'no session',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'harmless',
  content: { indexes: [] },
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ indexes: '' })) }),
};
