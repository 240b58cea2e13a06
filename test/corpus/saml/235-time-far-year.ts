/** Beyond the times that a Date can hold. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a year of six digits',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 1.3.3',
  check: 'saml.not_on_or_after',
  build: (kit) => kit.answer({ notOnOrAfter: '999999-01-01T00:00:00Z' }),
};
