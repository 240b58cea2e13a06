/** The id goes into our answer. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'an id that is no XML name',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.reference',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ id: 'a&quot; b=&quot;' })) }),
};
