/** A request about nobody must not be about everybody. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'no name',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.name_id',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ name: '' })) }),
};
