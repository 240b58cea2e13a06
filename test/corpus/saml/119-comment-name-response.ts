/** The same with a signed response. */
import type { SamlCase } from './kit.js';
import { VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a comment cuts the NameID in a signed response',
  source: 'Duo Labs 2018: CVE-2017-11427, CVE-2017-11428, CVE-2018-0489',
  check: 'saml.comment',
  build: (kit) =>
    kit
      .whole({ person: `${VICTIM}.evil.example` })
      .replaceAll(`${VICTIM}.evil.example`, `${VICTIM}<!---->.evil.example`),
  twin: (kit) => kit.whole(),
};
