/** The evil assertion is the parent of the signed one. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'signature wrapping 4: the signed assertion inside an evil one',
  source: 'Somorovsky et al., On Breaking SAML: Be Whoever You Want to Be, USENIX Security 2012: XSW4',
  check: 'saml.one_assertion',
  build: (kit) => response(kit.evil().replace('</saml:Assertion>', `${kit.signed()}</saml:Assertion>`)),
};
