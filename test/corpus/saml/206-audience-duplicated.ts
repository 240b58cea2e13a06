/** The same restriction twice says the same. */
import type { SamlCase } from './kit.js';
import { AUDIENCE, restriction } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the same restriction twice',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.5.1.4',
  check: 'harmless',
  build: (kit) => kit.answer({ audiences: restriction(AUDIENCE) + restriction(AUDIENCE) }),
};
