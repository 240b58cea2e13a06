/** Even a comment that does no harm is refused: which one does is a matter of the reader. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a comment between the elements',
  source: 'Duo Labs 2018: CVE-2017-11427, CVE-2017-11428, CVE-2018-0489',
  check: 'saml.comment',
  build: (kit) => kit.answer().replace('<samlp:Status>', '<!-- --><samlp:Status>'),
};
