/** The only assertion is signed, but nobody said that it is the answer. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the one signed assertion inside Extensions',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.2.1',
  check: 'saml.one_assertion',
  build: (kit) => response('', { extensions: `<samlp:Extensions>${kit.signed()}</samlp:Extensions>` }),
};
