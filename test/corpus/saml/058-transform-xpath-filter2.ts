/** A filter takes parts out of what is digested. */
import type { SamlCase } from './kit.js';
import { ENVELOPED } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a transform http://www.w3.org/2002/06/xmldsig-filter2',
  source: 'W3C XML Signature Best Practices',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { transforms: [ENVELOPED, 'http://www.w3.org/2002/06/xmldsig-filter2'] }),
};
