/** One of them is the person. */
import type { SamlCase } from './kit.js';
import { nameId, PERSON } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an EncryptedID beside the NameID',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.2.4',
  check: 'saml.name_id',
  build: (kit) => kit.answer({ nameId: `${nameId(PERSON)}<saml:EncryptedID></saml:EncryptedID>` }),
};
