/** Another IdP's message, with a key that this connection has too. */

import { issuer } from '../saml/kit-documents.js';
import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the request is from another identity provider',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.issuer',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ issuer: issuer('https://other.example/saml') })) }),
};
