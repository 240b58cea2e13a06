/** Canonical XML of xml-crypto leaves out every attribute whose name begins with xmlns. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an attribute xmlnsx, which is not digested',
  source: 'xml-crypto: ignores attributes that begin with xmlns',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace('<saml:Subject>', '<saml:Subject xmlnsx="evil">'),
};
