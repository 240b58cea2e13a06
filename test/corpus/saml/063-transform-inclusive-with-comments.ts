/** Comments would become part of what is digested. */
import type { SamlCase } from './kit.js';
import { ENVELOPED } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a transform http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
  source: 'W3C XML Signature Best Practices',
  check: 'saml.transform',
  build: (kit) =>
    kit.answer({}, { transforms: [ENVELOPED, 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments'] }),
};
