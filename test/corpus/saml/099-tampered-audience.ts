/** The answer was for somebody else. */
import type { SamlCase } from './kit.js';
import { AUDIENCE, restriction } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the audience was changed after signing',
  source: 'XML Signature 3.2',
  check: 'saml.signature',
  build: (kit) => kit.answer({ audiences: restriction('urn:other') }).replace('urn:other', AUDIENCE),
};
