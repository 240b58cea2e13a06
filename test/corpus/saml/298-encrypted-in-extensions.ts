/** Not in its place. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'the encrypted assertion inside Extensions',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.3.3',
  check: 'saml.one_assertion',
  build: (kit) => response('', { extensions: `<samlp:Extensions>${kit.encrypt(kit.signed())}</samlp:Extensions>` }),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
