/** Half of a pair, encoded by itself. */
import type { SamlCase } from './kit.js';
import { PERSON } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a surrogate encoded as UTF-8',
  source: 'RFC 3629 3',
  check: 'saml.xml',
  build: (kit) => ({ xml: Buffer.from(kit.answer().replaceAll(PERSON, '\u00ed\u00a0\u0080'), 'latin1') }),
};
