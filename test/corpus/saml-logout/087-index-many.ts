/** Each is a part of a query. */

import type { LogoutCase } from './kit.js';
import { sessionIndex, toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'more sessions than one request may name',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.one_message',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ indexes: sessionIndex('_s').repeat(33) })) }),
};
