/** A request must not stand for an answer. */

import type { LogoutCase } from './kit.js';
import { toAnswerXml, toLogoutXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'a request under the name of a response',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.xml',
  build: (kit) => ({ kind: 'response', input: kit.redirect(toLogoutXml(), { kind: 'SAMLResponse' }) }),
  twin: (kit) => ({ kind: 'response', input: kit.redirect(toAnswerXml(), { kind: 'SAMLResponse' }) }),
};
