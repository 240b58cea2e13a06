/** An empty name names no person. */
import type { SamlCase } from './kit.js';
import { nameId } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an empty NameID',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.2.3',
  check: 'saml.name_id',
  build: (kit) => kit.answer({ nameId: nameId('') }),
};
