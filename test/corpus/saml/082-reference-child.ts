/** Only the subject is signed, not who says it to whom. */
import type { SamlCase } from './kit.js';
import { assertion, response } from './kit-documents.js';
import { canonicalOf, digestOf, reference } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'the signature of the assertion is about its Subject',
  source: 'W3C XML Signature Best Practices',
  check: 'saml.reference',
  build: (kit) => {
    const xml = response(assertion().replace('<saml:Subject>', '<saml:Subject ID="_subject">'));
    return kit.sign(xml, {
      id: '_assertion',
      references: () => reference('#_subject', digestOf(canonicalOf(xml, '_subject'))),
    });
  },
};
