/** Success, of nobody. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a signed response without an assertion',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.3.3',
  check: 'saml.one_assertion',
  build: (kit) => kit.sign(response(''), { id: '_response' }),
  twin: (kit) => kit.whole(),
};
