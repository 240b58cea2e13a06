/** Any site could say that the logout is done. */

import type { LogoutCase } from './kit.js';
import { toAnswerXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'an answer without a signature',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.signature',
  build: (kit) => ({ kind: 'response', input: kit.post(toAnswerXml(), 'SAMLResponse') }),
  twin: (kit) => ({ kind: 'response', input: kit.post(kit.sign(toAnswerXml()), 'SAMLResponse') }),
};
