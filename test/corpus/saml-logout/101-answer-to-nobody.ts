/** An answer without a request. */

import type { LogoutCase } from './kit.js';
import { toAnswerXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the answer names no request',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.in_response_to',
  build: (kit) => ({
    kind: 'response',
    input: kit.redirect(toAnswerXml({ inResponseTo: undefined }), { kind: 'SAMLResponse' }),
  }),
  twin: (kit) => ({ kind: 'response', input: kit.redirect(toAnswerXml(), { kind: 'SAMLResponse' }) }),
};
