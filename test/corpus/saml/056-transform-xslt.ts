/** XSLT runs code of the attacker before anything is verified. */
import type { SamlCase } from './kit.js';
import { ENVELOPED } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a transform http://www.w3.org/TR/1999/REC-xslt-19991116',
  source: 'CVE-2022-34169, CVE-2021-40690 (Apache Santuario)',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { transforms: [ENVELOPED, 'http://www.w3.org/TR/1999/REC-xslt-19991116'] }),
};
