/** Signed by the IdP, but it is an answer to a login. */

import type { LogoutCase } from './kit.js';
import { toAnswerXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a sign-in response in place of the answer',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.xml',
  build: (kit) => ({
    kind: 'response',
    input: kit.redirect(toAnswerXml({ root: 'Response' }), { kind: 'SAMLResponse' }),
  }),
  twin: (kit) => ({ kind: 'response', input: kit.redirect(toAnswerXml(), { kind: 'SAMLResponse' }) }),
};
