/** A message that was not packed is of another binding. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'base64 without deflate',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.base64',
  build: (kit) => ({ input: kit.redirect(toLogoutXml(), { packed: Buffer.from(toLogoutXml()) }) }),
};
