/** The issuer is compared with a part of the text. */
import type { SamlCase } from './kit.js';
import { IDP, issuer } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a comment cuts the issuer',
  source: 'Duo Labs 2018: CVE-2017-11427, CVE-2017-11428, CVE-2018-0489',
  check: 'saml.comment',
  build: (kit) => kit.answer({ assertionIssuer: issuer(`${IDP}.evil`) }).replace(`${IDP}.evil`, `${IDP}<!-- -->.evil`),
};
