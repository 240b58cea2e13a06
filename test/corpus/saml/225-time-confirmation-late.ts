/** It may not be delivered any more. */
import type { SamlCase } from './kit.js';
import { at } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'NotOnOrAfter of the confirmation in the past',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.not_on_or_after',
  build: (kit) => kit.answer({ confirmedUntil: at(-2) }),
  twin: (kit) => kit.answer({ confirmedUntil: at(-0.5) }),
};
