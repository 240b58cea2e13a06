/** BaseID is for extensions that nobody here knows. */
import type { SamlCase } from './kit.js';
import { nameId, PERSON } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a BaseID beside the NameID',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.2.1',
  check: 'saml.name_id',
  build: (kit) => kit.answer({ nameId: `<saml:BaseID></saml:BaseID>${nameId(PERSON)}` }),
};
