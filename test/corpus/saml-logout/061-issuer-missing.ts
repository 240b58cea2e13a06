/** Its sender is not named. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the request names no issuer',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.issuer',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ issuer: '' })) }),
};
