/** OneTimeUse is kept by using every assertion once. */
import type { SamlCase } from './kit.js';
import { AUDIENCE, restriction } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'OneTimeUse',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.5.1.5',
  check: 'harmless',
  build: (kit) => kit.answer({ audiences: `${restriction(AUDIENCE)}<saml:OneTimeUse></saml:OneTimeUse>` }),
};
