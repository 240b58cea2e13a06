/** An old answer, kept by somebody on the way. */

import { at, type LogoutCase } from './kit.js';
import { toAnswerXml } from './kit-documents.js';

export const attack: LogoutCase = {
  name: 'the answer was issued ten minutes ago',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'saml.not_on_or_after',
  build: (kit) => ({
    kind: 'response',
    input: kit.redirect(toAnswerXml({ instant: at(-10) }), { kind: 'SAMLResponse' }),
  }),
  twin: (kit) => ({ kind: 'response', input: kit.redirect(toAnswerXml(), { kind: 'SAMLResponse' }) }),
};
