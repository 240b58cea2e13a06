/** Within a restriction one audience is enough. */
import type { SamlCase } from './kit.js';
import { AUDIENCE, restriction } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two audiences in one restriction',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.5.1.4',
  check: 'harmless',
  build: (kit) => kit.answer({ audiences: restriction('urn:other:sp', AUDIENCE) }),
};
