/** Our own request, sent back to us. */

import type { LogoutCase } from './kit.js';
import { toAnswerXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'our own message comes back, signed by us',
  source: 'Reflection',
  check: 'saml.certificate',
  build: (kit) => ({
    kind: 'response',
    input: kit.redirect(toAnswerXml(), { kind: 'SAMLResponse', key: kit.attacker.privateKey }),
  }),
  twin: (kit) => ({ kind: 'response', input: kit.redirect(toAnswerXml(), { kind: 'SAMLResponse' }) }),
};
