/** Extensions takes any content, so a schema does not refuse this. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'signature wrapping 7: the evil assertion inside Extensions',
  source: 'Somorovsky et al., On Breaking SAML: Be Whoever You Want to Be, USENIX Security 2012: XSW7',
  check: 'saml.one_assertion',
  build: (kit) => response(kit.signed(), { extensions: `<samlp:Extensions>${kit.evil()}</samlp:Extensions>` }),
};
