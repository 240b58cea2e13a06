/** The certificate is public, so everybody knows this secret. */
import type { SamlCase } from './kit.js';
import { VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'HMAC-SHA256 with the text of the public certificate as secret',
  source: 'xml-crypto: HMAC is off by default because of key confusion; McLean 2015 for JWT',
  check: 'saml.algorithm',
  build: (kit) =>
    kit.answer(
      { person: VICTIM },
      { algorithm: 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256', key: kit.idp.certificate },
    ),
};
