/** Another IdP answers. */

import { issuer } from '../saml/kit-documents.js';
import type { LogoutCase } from './kit.js';
import { toAnswerXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the answer is from another identity provider',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.issuer',
  build: (kit) => ({
    kind: 'response',
    input: kit.redirect(toAnswerXml({ issuer: issuer('https://other.example/saml') }), { kind: 'SAMLResponse' }),
  }),
  twin: (kit) => ({ kind: 'response', input: kit.redirect(toAnswerXml(), { kind: 'SAMLResponse' }) }),
};
