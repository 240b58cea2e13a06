/** An answer that another service got. */

import type { LogoutCase } from './kit.js';
import { toAnswerXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the answer is for another service',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.destination',
  build: (kit) => ({
    kind: 'response',
    input: kit.redirect(toAnswerXml({ destination: 'https://other.example/logout' }), { kind: 'SAMLResponse' }),
  }),
  twin: (kit) => ({ kind: 'response', input: kit.redirect(toAnswerXml(), { kind: 'SAMLResponse' }) }),
};
