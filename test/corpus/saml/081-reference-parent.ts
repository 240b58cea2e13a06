/** The signature of the assertion is about the response around it, whose digest leaves it out. */
import type { SamlCase } from './kit.js';
import { assertion, response } from './kit-documents.js';
import { canonicalOf, digestOf, reference } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'the signature inside the assertion is about the response',
  source: 'SAML 2.0 Core 5.4.2',
  check: 'saml.reference',
  build: (kit) => {
    const xml = response(assertion());
    return kit.sign(xml, {
      id: '_assertion',
      references: () => reference('#_response', digestOf(canonicalOf(xml, '_response'))),
    });
  },
};
