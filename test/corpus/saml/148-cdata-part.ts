/** The first text node is a part of the name. */
import type { SamlCase } from './kit.js';
import { PERSON } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'CDATA for a part of the NameID',
  source: 'Duo Labs 2018: CVE-2017-11427, CVE-2017-11428, CVE-2018-0489',
  check: 'saml.xml',
  build: (kit) =>
    kit
      .answer()
      .replaceAll(`${PERSON}</saml:NameID>`, `${PERSON.slice(0, 3)}<![CDATA[${PERSON.slice(3)}]]></saml:NameID>`),
};
