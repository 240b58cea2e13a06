/** The right audience stands where it counts for nothing. */
import type { SamlCase } from './kit.js';
import { AUDIENCE, restriction } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the right audience in Advice only',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.6.1',
  check: 'saml.audience',
  build: (kit) =>
    kit.answer({
      audiences: restriction('urn:other:sp'),
      advice: `<saml:Advice>${restriction(AUDIENCE)}</saml:Advice>`,
    }),
};
