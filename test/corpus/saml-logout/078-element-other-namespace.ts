/** A look-alike beside the real one. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a NameID of another namespace',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.one_message',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ indexes: '<samlp:NameID>x</samlp:NameID>' })) }),
};
