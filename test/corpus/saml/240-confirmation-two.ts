/** One of two holds, and which one is a matter of the reader. */
import type { SamlCase } from './kit.js';
import { ACS, assertion } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two SubjectConfirmations',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os); CVE-2020-5390 (pysaml2)',
  check: 'saml.subject_confirmation',
  build: (kit) => {
    const one = /<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/.exec(assertion())?.[0] ?? '';
    return kit.answer({ confirmation: one.replace(ACS, 'https://other.example/acs') + one });
  },
};
