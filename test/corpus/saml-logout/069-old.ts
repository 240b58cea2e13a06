/** A browser brings a message at once. */

import { at, type LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the request was issued ten minutes ago',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.not_on_or_after',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ instant: at(-10) })) }),
};
