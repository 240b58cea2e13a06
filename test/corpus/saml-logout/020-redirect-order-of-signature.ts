/** The rule fixes the order of the signed text. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'signed in the order of the alphabet',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.certificate',
  build: (kit) => ({ input: kit.redirect(toLogoutXml(), { signed: (text) => text.split('&').reverse().join('&') }) }),
};
