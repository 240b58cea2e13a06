/** Canonical XML 1.1 is not what was agreed. */
import type { SamlCase } from './kit.js';
import { ENVELOPED } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a transform http://www.w3.org/2006/12/xml-c14n11',
  source: 'Canonical XML 1.1',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { transforms: [ENVELOPED, 'http://www.w3.org/2006/12/xml-c14n11'] }),
};
