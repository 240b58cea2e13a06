/** One that nobody knows could mean a limit. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'an element that does not belong there',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.one_message',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ indexes: '<samlp:Everybody></samlp:Everybody>' })) }),
};
