/** A bearer without any condition. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'SubjectConfirmation without data',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.subject_confirmation',
  build: (kit) =>
    kit.answer({
      confirmation:
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"></saml:SubjectConfirmation>',
    }),
};
