/** The text of the element is decoded before it is digested. */
import type { SamlCase } from './kit.js';
import { ENVELOPED } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a transform http://www.w3.org/2000/09/xmldsig#base64',
  source: 'W3C XML Signature Best Practices',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { transforms: [ENVELOPED, 'http://www.w3.org/2000/09/xmldsig#base64'] }),
};
