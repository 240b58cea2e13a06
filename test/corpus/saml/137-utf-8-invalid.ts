/** A decoder that replaces bytes reads another name than the one that was written. */
import type { SamlCase } from './kit.js';
import { PERSON } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a byte that is not UTF-8 in the NameID',
  source: 'RFC 3629 3',
  check: 'saml.xml',
  build: (kit) => ({ xml: Buffer.from(kit.answer().replaceAll(PERSON, `\u00ff${PERSON}`), 'latin1') }),
};
