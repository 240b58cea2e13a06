/** xpointer chooses nodes in a language of its own. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'the reference is an xpointer',
  source: 'XML Signature 4.4.3.3',
  check: 'saml.reference',
  build: (kit) => kit.answer({}, { uri: '#xpointer(id(&apos;_assertion&apos;))' }),
};
