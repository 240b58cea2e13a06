/** Our answer could not name it. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the request has no id',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.reference',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ id: undefined })) }),
};
