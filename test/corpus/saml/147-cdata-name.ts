/** CDATA is text of another kind of node; canonical XML makes text of it, so the signature holds. */
import type { SamlCase } from './kit.js';
import { PERSON } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'CDATA in the NameID',
  source: 'Duo Labs 2018: CVE-2017-11427, CVE-2017-11428, CVE-2018-0489; Canonical XML 1.0 2.1',
  check: 'saml.xml',
  build: (kit) => kit.answer().replaceAll(`${PERSON}</saml:NameID>`, `<![CDATA[${PERSON}]]></saml:NameID>`),
};
