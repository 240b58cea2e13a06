/** It is about two people. */
import type { SamlCase } from './kit.js';
import { nameId, PERSON, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two NameIDs',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.4.1',
  check: 'saml.name_id',
  build: (kit) => kit.answer({ nameId: nameId(PERSON) + nameId(VICTIM) }),
};
