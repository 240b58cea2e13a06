/** A request that another service got, passed on by its operator. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the request is for another service',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.destination',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ destination: 'https://other.example/logout' })) }),
};
