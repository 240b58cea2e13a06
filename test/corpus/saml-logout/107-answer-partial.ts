/** Other services may be signed in still. */

import { SUCCESS, status } from '../saml/kit-documents.js';
import type { LogoutCase } from './kit.js';
import { toAnswerXml } from './kit-documents.js';

const PARTIAL = '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:PartialLogout"></samlp:StatusCode>';

export const attack: LogoutCase = {
  name: 'the answer says that some sessions are left',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7',
  check: 'harmless',
  content: { complete: false },
  build: (kit) => ({
    kind: 'response',
    input: kit.redirect(toAnswerXml({ status: status(SUCCESS, PARTIAL) }), { kind: 'SAMLResponse' }),
  }),
  twin: (kit) => ({ kind: 'response', input: kit.redirect(toAnswerXml(), { kind: 'SAMLResponse' }) }),
};
