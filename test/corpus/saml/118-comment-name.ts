/** Everything behind the comment is another text node; a reader of the first takes the victim. */
import type { SamlCase } from './kit.js';
import { VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a comment cuts the NameID',
  source: 'Duo Labs 2018: CVE-2017-11427, CVE-2017-11428, CVE-2018-0489',
  check: 'saml.comment',
  build: (kit) =>
    kit
      .answer({ person: `${VICTIM}.evil.example` })
      .replaceAll(`${VICTIM}.evil.example`, `${VICTIM}<!---->.evil.example`),
};
