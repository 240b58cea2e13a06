/** The sender vouches, and the sender is the attacker. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'SubjectConfirmation sender-vouches',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.subject_confirmation',
  build: (kit) => kit.answer({ method: 'urn:oasis:names:tc:SAML:2.0:cm:sender-vouches' }),
};
