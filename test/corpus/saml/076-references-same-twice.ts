/** A reference that is there twice is still not one. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'the same reference twice',
  source: 'SAML 2.0 Core 5.4.2',
  check: 'saml.reference',
  build: (kit) => kit.answer({}, { references: (own) => own + own }),
};
