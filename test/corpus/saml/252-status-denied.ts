/** The IdP said no, and an assertion came all the same. */
import type { SamlCase } from './kit.js';
import { status } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the status is AuthnFailed, with a valid assertion',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.status',
  build: (kit) =>
    kit.answer({
      status: status(
        'urn:oasis:names:tc:SAML:2.0:status:Responder',
        '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"></samlp:StatusCode>',
      ),
    }),
};
