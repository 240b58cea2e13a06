/** An instruction splits the text as a comment does, but canonical XML keeps it. */
import type { SamlCase } from './kit.js';
import { VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a processing instruction cuts the NameID',
  source:
    'Duo Labs 2018: CVE-2017-11427, CVE-2017-11428, CVE-2018-0489; xml-crypto writes the data of an instruction as text',
  check: 'saml.processing_instruction',
  build: (kit) => kit.answer({ person: `${VICTIM}evil` }).replaceAll(`${VICTIM}evil`, `${VICTIM}<?x evil?>`),
};
