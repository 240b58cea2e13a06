/** XPath chooses what is digested, and how long that takes. */
import type { SamlCase } from './kit.js';
import { ENVELOPED } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a transform http://www.w3.org/TR/1999/REC-xpath-19991116',
  source: 'CVE-2021-40690 (Apache Santuario)',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { transforms: [ENVELOPED, 'http://www.w3.org/TR/1999/REC-xpath-19991116'] }),
};
