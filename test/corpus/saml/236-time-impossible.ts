/** February has no 31st. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a day that does not exist',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 1.3.3',
  check: 'saml.not_on_or_after',
  build: (kit) => kit.answer({ notOnOrAfter: '2026-13-31T00:00:00Z' }),
};
