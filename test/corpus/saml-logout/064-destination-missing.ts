/** A request for nobody is for anybody. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the request names no destination',
  source: 'SAML 2.0 Bindings 3.4.5.2',
  check: 'saml.destination',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ destination: undefined })) }),
};
