/** It counts from later on. */
import type { SamlCase } from './kit.js';
import { at } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'NotBefore in the future',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.not_before',
  build: (kit) => kit.answer({ notBefore: at(3) }),
  twin: (kit) => kit.answer({ notBefore: at(0.5) }),
};
