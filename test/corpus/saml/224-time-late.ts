/** It has ended. */
import type { SamlCase } from './kit.js';
import { at } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'NotOnOrAfter of the conditions in the past',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.not_on_or_after',
  build: (kit) => kit.answer({ notOnOrAfter: at(-2) }),
  twin: (kit) => kit.answer({ notOnOrAfter: at(-0.5) }),
};
