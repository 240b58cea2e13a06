/** It lets no one present it. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'no SubjectConfirmation',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.subject_confirmation',
  build: (kit) => kit.answer({ confirmation: '' }),
};
