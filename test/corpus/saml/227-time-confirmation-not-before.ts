/** A bearer confirmation must not have one. */
import type { SamlCase } from './kit.js';
import { at } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'NotBefore in the confirmation',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.subject_confirmation',
  build: (kit) => kit.answer({ confirmationExtra: ` NotBefore="${at(-5)}"` }),
};
