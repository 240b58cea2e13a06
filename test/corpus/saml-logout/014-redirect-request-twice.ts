/** One reader takes the first, another the last. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the request is there twice',
  source: 'HTTP parameter pollution (Balduzzi et al., 2011)',
  check: 'saml.parameters',
  build: (kit) => ({ input: kit.redirect(toLogoutXml(), { patch: (query) => `SAMLRequest=x&${query}` }) }),
};
