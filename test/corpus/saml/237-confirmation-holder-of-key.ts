/** Only the holder of a key may present it, and nobody proved that. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'SubjectConfirmation holder-of-key',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.subject_confirmation',
  build: (kit) => kit.answer({ method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' }),
};
