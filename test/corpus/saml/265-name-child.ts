/** The text of an element and that of its children are not the same. */
import type { SamlCase } from './kit.js';
import { nameId, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an element inside the NameID',
  source: 'Duo Labs 2018: CVE-2017-11427, CVE-2017-11428, CVE-2018-0489',
  check: 'saml.name_id',
  build: (kit) => kit.answer({ nameId: nameId(`${VICTIM}<saml:x></saml:x>`) }),
};
