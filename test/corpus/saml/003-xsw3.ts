/** The evil assertion stands first; the signed one is left as it was. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'signature wrapping 3: an evil assertion in front of the signed one',
  source: 'Somorovsky et al., On Breaking SAML: Be Whoever You Want to Be, USENIX Security 2012: XSW3',
  check: 'saml.one_assertion',
  build: (kit) => response(kit.evil() + kit.signed()),
};
