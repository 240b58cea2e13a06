/** An address of another server begins like ours. */

import { LOGOUT_URL, type LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the destination begins like ours',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.destination',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ destination: `${LOGOUT_URL}.evil.example/` })) }),
};
