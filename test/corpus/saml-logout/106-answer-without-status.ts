/** It says neither yes nor no. */

import type { LogoutCase } from './kit.js';
import { toAnswerXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the answer has no status',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.status',
  build: (kit) => ({ kind: 'response', input: kit.redirect(toAnswerXml({ status: '' }), { kind: 'SAMLResponse' }) }),
  twin: (kit) => ({ kind: 'response', input: kit.redirect(toAnswerXml(), { kind: 'SAMLResponse' }) }),
};
