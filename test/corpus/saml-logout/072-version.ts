/** Another version has other rules. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the request is of SAML 1.1',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.version',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ version: '1.1' })) }),
};
