/** One set of conditions is for us, the other is not. */
import type { SamlCase } from './kit.js';
import { AUDIENCE, restriction } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'Conditions twice',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.3.3',
  check: 'saml.audience',
  build: (kit) =>
    kit.answer({
      conditions: `<saml:Conditions>${restriction(AUDIENCE)}</saml:Conditions><saml:Conditions>${restriction('urn:other:sp')}</saml:Conditions>`,
    }),
};
