/** A parameter of another message. */

import type { LogoutCase } from './kit.js';
import { toAnswerXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'an answer under the name of a request',
  source: 'SAML 2.0 Bindings (saml-bindings-2.0-os) 3.4.4.1',
  check: 'saml.parameters',
  build: (kit) => ({ kind: 'response', input: kit.redirect(toAnswerXml()) }),
  twin: (kit) => ({ kind: 'response', input: kit.redirect(toAnswerXml(), { kind: 'SAMLResponse' }) }),
};
