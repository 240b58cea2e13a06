/** The same behind the signature. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a second request behind the signature',
  source: 'HTTP parameter pollution (Balduzzi et al., 2011)',
  check: 'saml.parameters',
  build: (kit) => ({ input: kit.redirect(toLogoutXml(), { patch: (query) => `${query}&SAMLRequest=x` }) }),
};
