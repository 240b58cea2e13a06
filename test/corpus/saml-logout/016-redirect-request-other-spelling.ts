/** Decoded it is the same name, in the text it is another. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the request under an encoded name',
  source: 'HTTP parameter pollution (Balduzzi et al., 2011)',
  check: 'saml.parameters',
  build: (kit) => ({
    input: kit.redirect(toLogoutXml(), { patch: (query) => query.replace('SAMLRequest=', 'SAML%52equest=') }),
  }),
};
