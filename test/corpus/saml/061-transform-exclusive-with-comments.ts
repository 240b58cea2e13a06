/** Comments would become part of what is digested. */
import type { SamlCase } from './kit.js';
import { ENVELOPED } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a transform http://www.w3.org/2001/10/xml-exc-c14n#WithComments',
  source: 'CVE-2025-66568 (canonicalization)',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { transforms: [ENVELOPED, 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments'] }),
};
