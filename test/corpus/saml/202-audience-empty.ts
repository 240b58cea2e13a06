/** A restriction to nobody. */
import type { SamlCase } from './kit.js';
import { restriction } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an AudienceRestriction without audiences',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.5.1.4',
  check: 'saml.audience',
  build: (kit) => kit.answer({ audiences: restriction() }),
};
