/** An old request, kept by somebody on the way. */

import { at, type LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the request has expired',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.not_on_or_after',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ notOnOrAfter: at(-2) })) }),
};
