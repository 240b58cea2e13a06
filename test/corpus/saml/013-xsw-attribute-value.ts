/** AttributeValue takes any content. */
import type { SamlCase } from './kit.js';
import { response, samlAttribute } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the signed assertion inside an attribute of the evil one',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.7.3.1.1',
  check: 'saml.one_assertion',
  build: (kit) => {
    const attributes = `<saml:AttributeStatement>${samlAttribute('email', kit.signed())}</saml:AttributeStatement>`;
    return response(kit.evil({ attributes }));
  },
};
