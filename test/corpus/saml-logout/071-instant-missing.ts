/** Without it nobody knows which sessions are meant. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the request does not say when it was issued',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.not_before',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ instant: undefined })) }),
};
