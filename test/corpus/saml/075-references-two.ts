/** Each reference can be about another element. */
import type { SamlCase } from './kit.js';
import { assertion, response } from './kit-documents.js';
import { canonicalOf, digestOf, reference } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'two references in one signature',
  source: 'CVE-2024-45409 (ruby-saml); SAML 2.0 Core 5.4.2',
  check: 'saml.reference',
  build: (kit) => {
    const xml = response(assertion());
    return kit.sign(xml, {
      id: '_assertion',
      references: (own) => own + reference('#_response', digestOf(canonicalOf(xml, '_response'))),
    });
  },
};
