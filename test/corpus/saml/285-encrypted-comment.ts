/** The checks of the outer document say nothing about the inner one. */
import type { SamlCase } from './kit.js';
import { response, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a comment in the NameID inside the encryption',
  source: 'Duo Labs 2018: CVE-2017-11427, CVE-2017-11428, CVE-2018-0489',
  check: 'saml.decryption',
  build: (kit) =>
    response(
      kit.encrypt(kit.signed({ person: `${VICTIM}.evil` }).replaceAll(`${VICTIM}.evil`, `${VICTIM}<!-- -->.evil`)),
    ),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
