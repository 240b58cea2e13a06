/** Without a signature anybody could sign people out. */

import { type LogoutCase, postedTwin } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a posted request without any signature',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.signature',
  build: (kit) => ({ input: kit.post(toLogoutXml()) }),
  twin: postedTwin,
};
