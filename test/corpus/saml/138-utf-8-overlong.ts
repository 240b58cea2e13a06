/** The dangerous character in more bytes than it needs. */
import type { SamlCase } from './kit.js';
import { PERSON } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an overlong < in the NameID',
  source: 'RFC 3629 10',
  check: 'saml.xml',
  build: (kit) => ({ xml: Buffer.from(kit.answer().replaceAll(PERSON, '\u00c0\u00bc'), 'latin1') }),
};
