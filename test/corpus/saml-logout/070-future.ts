/** A request issued in the future would end sessions that begin after today. */

import { at, type LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the request is issued in the future',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.not_before',
  build: (kit) => ({ input: kit.redirect(toLogoutXml({ instant: at(5) })) }),
};
