/** A name in an attribute of the element and not in it. */
import type { SamlCase } from './kit.js';
import { VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a NameID whose text is in an attribute',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.2.3',
  check: 'saml.name_id',
  build: (kit) => kit.answer({ nameId: `<saml:NameID Value="${VICTIM}"></saml:NameID>` }),
};
