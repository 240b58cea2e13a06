/** The text of an element and that of its children are not the same. */
import type { SamlCase } from './kit.js';
import { AUDIENCE, restriction } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an element inside Audience',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.5.1.4',
  check: 'saml.audience',
  build: (kit) => kit.answer({ audiences: restriction(`<saml:x></saml:x>${AUDIENCE}`) }),
};
