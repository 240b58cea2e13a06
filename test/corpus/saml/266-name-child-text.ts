/** The text of the child belongs to the name, or does not. */
import type { SamlCase } from './kit.js';
import { nameId, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an element with text inside the NameID',
  source: 'Duo Labs 2018: CVE-2017-11427, CVE-2017-11428, CVE-2018-0489',
  check: 'saml.name_id',
  build: (kit) => kit.answer({ nameId: nameId(`${VICTIM}<saml:x>.evil.example</saml:x>`) }),
};
