/** The age of a message is bounded without it. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the request names no expiry',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'harmless',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ notOnOrAfter: undefined })) }),
};
